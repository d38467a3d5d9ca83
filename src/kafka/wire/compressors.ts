import * as zlib from 'node:zlib';
import { UsageError } from '../../errors.ts';
import { CODECS, type Codec } from './compression.ts';
import { compressLz4 } from './lz4-encoder.ts';

/** How the records of a batch are compressed. */
export interface Compressor {
  /** As a batch names it, in the lowest bits of its attributes. */
  readonly codec: number;
  compress(bytes: Buffer): Uint8Array;
}

/**
 * Undefined where nothing is compressed. Throws `UsageError` where there is no such codec, or where this Node has none: zstd
 * comes with 22.15, 23.8 and later.
 */
export async function loadCompressor(codec: Codec): Promise<Compressor | undefined> {
  checkCodec(codec);
  const compress = codec === 'none' ? undefined : await COMPRESSORS[codec]();
  return compress && { codec: CODECS.indexOf(codec), compress };
}

/** Throws `UsageError` (`bad-option`). */
export function checkCodec(codec: Codec): void {
  const known = CODECS.filter((each) => each !== 'zstd' || nativeZstd !== undefined);
  if (known.includes(codec)) return;
  const why = codec === 'zstd' ? ', which Node has from 22.15 and 23.8 on' : '';
  throw new UsageError('bad-option', `Kafka sink: compression: expected ${known.join(', ')}, got ${codec}${why}`);
}

const nativeZstd = (zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }).zstdCompressSync;

const COMPRESSORS: Readonly<Record<Exclude<Codec, 'none'>, () => Promise<Compressor['compress']>>> = {
  gzip: async () => (bytes) => zlib.gzipSync(bytes),
  snappy: async () => (await import('hyparquet-writer/src/snappy.js')).snappyCompress,
  lz4: async () => compressLz4,
  zstd: async () => (bytes) => nativeZstd!(bytes),
};
