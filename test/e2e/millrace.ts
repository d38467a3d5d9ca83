import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `millrace` as a user runs it: its own process, in a directory. */
export class Millrace {
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';
  #heard: () => void = () => {};

  constructor(directory: string, args: readonly string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.stdout.on('data', (bytes) => {
      this.#stdout += bytes;
    });
    child.stderr.on('data', (bytes) => {
      this.#stderr += bytes;
      this.#heard();
    });
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** Resolves when standard error matches; rejects where the process ends without. */
  async stderrMatches(pattern: RegExp): Promise<RegExpExecArray> {
    const matched = new Promise<RegExpExecArray>((resolve) => {
      this.#heard = () => {
        const match = pattern.exec(this.#stderr);
        if (match !== null) resolve(match);
      };
      this.#heard();
    });
    const tooLate = this.ended.then(({ code, stderr }) => {
      throw new Error(`ended with code ${code} before ${pattern} in: ${stderr}`);
    });
    return Promise.race([matched, tooLate]);
  }

  /** Ends it, and gives how it ended. */
  async kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#process.kill(signal);
    return this.ended;
  }
}

/** Runs `millrace` to its end. */
export function run(directory: string, ...args: readonly string[]): Promise<Ended> {
  return new Millrace(directory, args).ended;
}

/** Publishes until the test is over, and gives what `--source` takes to read it. */
export async function publish(directory: string, ...args: readonly string[]): Promise<string> {
  const publisher = new Millrace(directory, ['publish', ...args, '--port', '0']);
  onTestFinished(async () => void (await publisher.kill('SIGTERM')));
  const [, address] = await publisher.stderrMatches(/^publishing .+ on (127\.0\.0\.1:\d+)\n/);
  return `socket://${address}`;
}
