import * as zlib from 'node:zlib';
import { DataError, MillraceError, messageOf } from '../../errors.ts';
import { decompressLz4 } from './lz4.ts';
import { decompressSnappy } from './snappy.ts';

/** As a batch names them, in the lowest bits of its attributes. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export type Codec = (typeof CODECS)[number];

/** The records of a batch as they were before they were compressed. Throws `DataError` where the bytes are damaged. */
export type Decompress = (codec: number, bytes: Buffer) => Buffer;

/** Loads what Kafka's codecs need: the machine's own gzip, and zstd where Node has it (22.15, 23.8 and later); else JavaScript's. */
export async function loadDecompressors(): Promise<Decompress> {
  const { decompressSnappy: decompressBlock, decompressZstd } = await import('hyparquet-compressors');
  const native = (zlib as { zstdDecompressSync?: (bytes: Buffer) => Buffer }).zstdDecompressSync;
  const byCodec: readonly ((bytes: Buffer) => Uint8Array)[] = [
    (bytes) => bytes,
    (bytes) => zlib.gunzipSync(bytes),
    (bytes) => decompressSnappy(bytes, decompressBlock),
    (bytes) => decompressLz4(bytes),
    native ?? ((bytes) => decompressZstd(bytes)),
  ];
  return (codec, bytes) => {
    const decompress = byCodec[codec];
    if (decompress === undefined) {
      throw new DataError('bad-record', `Kafka: expected a codec from 0 to ${byCodec.length - 1}, got ${codec}`);
    }
    try {
      const { buffer, byteOffset, length } = decompress(bytes);
      return Buffer.from(buffer, byteOffset, length);
    } catch (cause) {
      if (cause instanceof MillraceError) throw cause;
      const message = `Kafka: expected a batch compressed with ${CODECS[codec]}, got bytes that are none (${messageOf(cause)})`;
      throw new DataError('bad-record', message, { cause });
    }
  };
}
