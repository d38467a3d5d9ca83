/** Runs Spark's half of the interop in a virtual environment of its own. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The layouts of saved models differ between these. */
export const SPARK_VERSIONS = ['3.5', '4'] as const;

/** Kept from run to run, and outside the tree. */
function environmentOf(version: string): string {
  return (
    process.env[`MILLRACE_PYSPARK_${version.replace('.', '_')}`] ??
    path.join(os.tmpdir(), `millrace-pyspark-${version}`)
  );
}

/** Python with Spark in it, or why there is none here. */
export async function pythonWithSpark(
  version: string,
): Promise<{ readonly python: string } | { readonly lacks: string }> {
  const environment = environmentOf(version);
  const python = path.join(environment, 'bin', 'python');
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
    await run('python3', ['-m', 'venv', environment]);
    await run(python, ['-m', 'pip', 'install', '--quiet', `pyspark==${version}.*`, 'numpy<3']);
    return { python };
  } catch (error) {
    return { lacks: `PySpark ${version} can't be installed (${error})` };
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
