import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('program.mjs', import.meta.url));

/** Of standard error; a program warns of every connection that ends. */
const LINES_KEPT = 30;

export interface ProgramSettings {
  /** Directory of input, output, checkpoint and ledger. */
  readonly world: string;
  /** Where the lines come from. */
  readonly port: number;
  /** It ends when it has met so many records of the key `end`. */
  readonly ends: number;
  readonly batchDurationMs?: number;
  /** Size at which the journal is replaced. */
  readonly replaceAboveBytes?: number;
  /** Whether the lines count as received when they are in the journal. */
  readonly writeAheadLog?: boolean;
  /** Whether it takes the lines from a sender that forgets what was answered for, rather than from one that can resume. */
  readonly acknowledges?: boolean;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to standard error. */
  readonly errors: string;
}

/** `program.mjs` in a process of its own. */
export class Program {
  /** Resolves when it runs batches; rejects where it ends before. */
  readonly started: Promise<void>;
  readonly ended: Promise<ProgramEnd>;
  readonly #process: ChildProcess;

  /** `command`: what runs it, with a shell's limits say; `node` itself by default. */
  constructor(settings: ProgramSettings, command: readonly string[] = [process.execPath]) {
    const [executable, ...args] = command;
    const withDefaults = { batchDurationMs: 50, replaceAboveBytes: 40_000, writeAheadLog: false, ...settings };
    const child = spawn(executable!, [...args, PROGRAM, JSON.stringify(withDefaults)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    let errors = '';
    child.stderr.on('data', (text) => {
      errors = (errors + text).split('\n').slice(-LINES_KEPT).join('\n');
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal, errors }));
    });
    this.started = new Promise((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      void this.ended.then((end) => reject(new Error(`ended before it had started: ${JSON.stringify(end)}`)));
    });
    this.started.catch(() => {}); // whoever waits is told
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<ProgramEnd> {
    this.#process.kill(signal);
    return this.ended;
  }
}
