import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { type Snapshot, snapshotPieces } from '../batch/snapshot.ts';
import { syncDirectory } from '../host/files.ts';
import { checksumText } from './journal-line.ts';

/** Text that is put together before it is written: so little that no batch has to wait for it. */
const PIECE_BYTES = 256 * 1024;

/**
 * The file that a journal goes on in, while it is being written: its first record stands for all that the journal holds. It
 * is written piece by piece under a temporary name, so that batches go on meanwhile, and takes its place in `finish`.
 */
export class NextGeneration {
  readonly #file: string;
  readonly #handle: fs.FileHandle;
  #sizeBytes = 0;

  private constructor(file: string, handle: fs.FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** Writes the first record, which must not change meanwhile. */
  static async begin(file: string, first: Snapshot): Promise<NextGeneration> {
    const next = new NextGeneration(file, await fs.open(temporary(file), 'w'));
    try {
      await next.#writeFirst(first);
      return next;
    } catch (error) {
      await next.abandon();
      throw error;
    }
  }

  /** Adds these lines, and puts the file in its place: on disk, with its name. Gives its size, bytes. */
  async finish(lines: readonly Uint8Array[]): Promise<number> {
    for (const line of lines) await this.#write(line);
    await this.#handle.sync();
    await this.#handle.close();
    await fs.rename(temporary(this.#file), this.#file);
    await syncDirectory(path.dirname(this.#file));
    return this.#sizeBytes;
  }

  /** Removes what is not yet in its place: on a full disk it would take the room that is left. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await fs.rm(temporary(this.#file), { force: true }).catch(() => {});
  }

  async #writeFirst(first: Snapshot): Promise<void> {
    let checksum = 0;
    let waiting: string[] = [];
    let length = 0;
    await this.#write(Buffer.from(checksumText(checksum))); // its room; what it is shows when all is written
    const flush = async () => {
      const bytes = Buffer.from(waiting.join(''));
      checksum = crc32(bytes, checksum);
      await this.#write(bytes);
      waiting = [];
      length = 0;
    };
    for (const piece of snapshotPieces(first)) {
      waiting.push(piece);
      length += piece.length;
      if (length >= PIECE_BYTES) await flush();
    }
    await flush();
    await this.#write(Buffer.from('\n'));
    await this.#handle.write(Buffer.from(checksumText(checksum)), 0, undefined, 0);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const left = bytes.length - written;
      written += (await this.#handle.write(bytes, written, left, this.#sizeBytes + written)).bytesWritten;
    }
    this.#sizeBytes += bytes.length;
  }
}

function temporary(file: string): string {
  return `${file}.tmp`;
}
