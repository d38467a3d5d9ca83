/** Runs Spark's half of the interop in a virtual environment of its own. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['pyspark==3.5.*', 'numpy<3'];

/** Kept from run to run, and outside the tree. */
const ENVIRONMENT = process.env['MILLRACE_PYSPARK'] ?? path.join(os.tmpdir(), 'millrace-pyspark-3.5');

/** Python with Spark in it, or why there is none here. */
export async function pythonWithSpark(): Promise<{ readonly python: string } | { readonly lacks: string }> {
  const python = path.join(ENVIRONMENT, 'bin', 'python');
  try {
    await run('java', ['-version']);
  } catch (error) {
    return { lacks: `Java can't be run (${error})` };
  }
  try {
    await run(python, ['-c', 'import pyspark, numpy']);
    return { python };
  } catch {
    // not there yet
  }
  try {
    await run('python3', ['-m', 'venv', ENVIRONMENT]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
    return { python };
  } catch (error) {
    return { lacks: `PySpark can't be installed (${error})` };
  }
}

/** Spark's answers to the cases in a directory. */
export async function runSpark(python: string, directory: string): Promise<void> {
  for (const side of ['spark', 'ours']) await fs.mkdir(path.join(directory, side), { recursive: true });
  await run(python, [fileURLToPath(new URL('./spark-side.py', import.meta.url)), directory]);
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${code}: ${Buffer.concat(said).toString().slice(-2000)}`));
    });
  });
}
