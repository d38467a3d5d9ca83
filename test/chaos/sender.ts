import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { LinePublisher } from '../../src/cli/line-publisher.ts';
import type { Random } from '../../src/index.ts';
import { AcknowledgedPublisher } from './acknowledged-publisher.ts';
import type { Sent } from './checker.ts';

const KEYS = 20;
/** The key of the last records. A file of it is newer than all before. */
export const END = 'end';
/** A file may look so much older, or newer, than it is. */
const MODIFIED_EARLIER_MS = 1500;
const MODIFIED_LATER_MS = 300;

/** Sends records into a world, as files and as lines of a socket, and knows every one that it sent. */
export class Sender implements Sent {
  readonly files: string[][] = [];
  readonly lines: string[] = [];
  readonly #world: string;
  readonly #random: Random;
  readonly #publisher: LinePublisher | AcknowledgedPublisher;
  #records = 0;

  private constructor(
    world: string,
    random: Random,
    lines: string[],
    publisher: LinePublisher | AcknowledgedPublisher,
  ) {
    this.#world = world;
    this.#random = random;
    this.lines = lines;
    this.#publisher = publisher;
  }

  /** `acknowledged`: to a program that answers for each line, rather than to one that tells how many it has. */
  static async open(world: string, random: Random, { acknowledged = false } = {}): Promise<Sender> {
    for (const name of ['input', 'staging']) await fs.mkdir(path.join(world, name), { recursive: true });
    // A client that has had all lines is sent away; when it comes again, there may be more.
    const lines: string[] = [];
    const publisher = acknowledged
      ? await AcknowledgedPublisher.listen(lines)
      : await LinePublisher.listen(lines, { resume: true });
    return new Sender(world, random, lines, publisher);
  }

  get port(): number {
    return this.#publisher.port;
  }

  get maybeTwice(): ReadonlySet<string> {
    return this.#publisher instanceof AcknowledgedPublisher ? this.#publisher.maybeTwice : new Set();
  }

  sendLines(count: number, key?: string): void {
    for (const record of this.#make(count, key)) this.lines.push(record);
    if (this.#publisher instanceof AcknowledgedPublisher) this.#publisher.more();
  }

  /** Puts a file into the directory whole, by a rename. */
  async putFile(count: number, key?: string): Promise<string> {
    const records = this.#make(count, key);
    const name = `file-${String(this.files.length).padStart(5, '0')}`;
    this.files.push(records);
    const staged = path.join(this.#world, 'staging', name);
    await fs.writeFile(staged, `${records.join('\n')}\n`);
    const apart = this.#random.next() * (MODIFIED_EARLIER_MS + MODIFIED_LATER_MS) - MODIFIED_EARLIER_MS;
    const modified = (Date.now() + (key === END ? MODIFIED_LATER_MS : apart)) / 1000;
    await fs.utimes(staged, modified, modified);
    const file = path.join(this.#world, 'input', name);
    await fs.rename(staged, file);
    return file;
  }

  async close(): Promise<void> {
    await this.#publisher.close();
  }

  /** Points around three centres, each record with an id of its own. */
  #make(count: number, key?: string): string[] {
    return Array.from({ length: count }, () => {
      const id = String(this.#records++).padStart(7, '0');
      const center = Math.floor(this.#random.next() * 3);
      const x = ((center === 1 ? 100 : 0) + this.#random.next() * 20).toFixed(3);
      const y = ((center === 2 ? 100 : 0) + this.#random.next() * 20).toFixed(3);
      return `${id},${key ?? `k${Math.floor(this.#random.next() * KEYS)}`},${x},${y}`;
    });
  }
}
