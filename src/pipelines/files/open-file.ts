import * as fs from 'node:fs/promises';
import type { ParquetFile } from './parquet-table.ts';

/** A file that is read in pieces, each straight into an array of its own. */
export class OpenFile implements ParquetFile {
  readonly byteLength: number;
  readonly #handle: fs.FileHandle;

  private constructor(handle: fs.FileHandle, byteLength: number) {
    this.#handle = handle;
    this.byteLength = byteLength;
  }

  static async at(file: string): Promise<OpenFile> {
    const handle = await fs.open(file, 'r');
    return new OpenFile(handle, (await handle.stat()).size);
  }

  /** The bytes from `start` to before `end`; fewer where the file ends. */
  async slice(start: number, end = this.byteLength): Promise<ArrayBuffer> {
    const length = Math.max(0, Math.min(end, this.byteLength) - start);
    const bytes = new Uint8Array(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#handle.read(bytes, read, length - read, start + read);
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      read += bytesRead;
    }
    return bytes.buffer;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
