import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { faultsOf } from './checker.ts';
import { Program, type ProgramEnd, type ProgramSettings } from './program.ts';
import { END, Sender } from './sender.ts';

/** A directory with a sender, and programs that run in it, for one test. */
export class World {
  readonly directory: string;
  readonly sender: Sender;
  /** Records of the key `end` that were sent. */
  #ends = 0;

  private constructor(directory: string, sender: Sender) {
    this.directory = directory;
    this.sender = sender;
  }

  static async make(): Promise<World> {
    const directory = await temporaryDirectory(onTestFinished);
    const sender = await Sender.open(directory, seededRandom(3));
    onTestFinished(() => sender.close());
    return new World(directory, sender);
  }

  get checkpoint(): string {
    return path.join(this.directory, 'checkpoint');
  }

  /** Starts a program that goes on until `end` is called, and is killed at the latest when the test is over. */
  start(settings: Partial<ProgramSettings> = {}, command?: readonly string[]): Program {
    const base = { world: this.directory, port: this.sender.port, ends: this.#ends + 2 };
    const program = new Program({ ...base, ...settings }, command);
    onTestFinished(async () => void (await program.kill()));
    return program;
  }

  /** Resolves when a program has written one more batch, or has ended. */
  async batchWritten({ ended }: Program): Promise<void> {
    const output = path.join(this.directory, 'output');
    fs.mkdirSync(output, { recursive: true });
    const watcher = fs.watch(output);
    const written = new Promise<void>((resolve) => {
      watcher.on('change', (_event, name) => void (String(name).startsWith('counts-') && resolve()));
    });
    await Promise.race([written, ended]);
    watcher.close();
  }

  /** Sends the last records of a program, for it to take them and end. */
  async end(program: Program): Promise<void> {
    this.sender.sendLines(1, END);
    await this.sender.putFile(1, END);
    this.#ends += 2;
    const { code, errors } = await program.ended;
    expect(code, errors).toBe(0);
  }

  /** Runs one more program to its end, and checks every record that was ever sent. */
  async runToTheEnd(settings: Partial<ProgramSettings> = {}, command?: readonly string[]): Promise<void> {
    await this.end(this.start(settings, command));
    await this.check();
  }

  async check(): Promise<void> {
    expect(await faultsOf(this.directory, this.sender)).toEqual([]);
  }
}

/** What a program that failed wrote, but for the warnings on its way: the error, which takes one line. */
export function errorOf({ code, errors }: ProgramEnd): string {
  expect(code, errors).toBe(1);
  const lines = errors.trimEnd().split('\n');
  return lines.filter((line) => !line.startsWith('millrace: warning: ')).join('\n');
}
