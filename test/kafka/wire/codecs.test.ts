import * as zlib from 'node:zlib';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Codec, loadDecompressors } from '../../../src/kafka/wire/compression.ts';
import { loadCompressor } from '../../../src/kafka/wire/compressors.ts';

const decompress = await loadDecompressors();
const [GZIP, SNAPPY, LZ4, ZSTD] = [1, 2, 3, 4];

/** "to be or not to be, " forty times, as the tools named here write it. */
const TEXT = 'to be or not to be, '.repeat(40);
const FRAMES: readonly (readonly [name: string, codec: number, base64: string])[] = [
  ["Java's gzip", GZIP, 'H4sIAAAAAAAA/yvJV0hKVcgvUsjLL1EoAXF0INSo2KjYqJgCAKUBImMgAwAA'],
  [
    "snappy-java's stream",
    SNAPPY,
    'glNOQVBQWQAAAAABAAAAAQAAADygBjB0byBiZSBvciBub3QgBQ0ALAkH/hQA/hQA/hQA/hQA/hQA/hQA/hQA/hQA/hQA/hQA/hQA/hQADRQ=',
  ],
  ['snappy, a bare block', SNAPPY, 'oAYwdG8gYmUgb3Igbm90IAUNACwJB/4UAP4UAP4UAP4UAP4UAP4UAP4UAP4UAP4UAP4UAP4UAP4UAA0U'],
  ['lz4-java', LZ4, 'BCJNGGBAgiAAAADRdG8gYmUgb3Igbm90IA0AEiwHAA8UAP//8VAgYmUsIAAAAAA='],
  ['lz4 -B4 -BD', LZ4, 'BCJNGGRApyAAAADRdG8gYmUgb3Igbm90IA0AEiwHAA8UAP//8VAgYmUsIAAAAAA45b8z'],
  ['zstd-jni', ZSTD, 'KLUv/QBY7QAAmHRvIGJlIG9yIG5vdCB0byBiZSwCAARvVlBDCQM='],
];

it.each(FRAMES)('reads what %s writes', (_, codec, base64) => {
  expect(decompress(codec, Buffer.from(base64, 'base64')).toString()).toBe(TEXT);
});

it.each([GZIP, SNAPPY, LZ4, ZSTD])('says that bytes are damaged, codec %i', (codec) => {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(noise, (bytes) => {
      try {
        decompress(codec, Buffer.from(bytes));
      } catch (error) {
        expect(String(error)).toContain('Kafka: expected a batch');
      }
    }),
  );
});

const HAS_ZSTD = 'zstdCompressSync' in zlib;
const WRITTEN: readonly Codec[] = HAS_ZSTD ? ['gzip', 'snappy', 'lz4', 'zstd'] : ['gzip', 'snappy', 'lz4'];

it.each(WRITTEN)('writes what it reads, %s', async (codec) => {
  const { codec: number, compress } = (await loadCompressor(codec))!;
  const roundTrip = (bytes: Buffer) => decompress(number, Buffer.from(compress(bytes)));
  // Bytes that repeat near and far, in runs short and long, and noise, around the size of a block.
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 4000 })).map(([unit, count]) => {
      return Buffer.concat(Array<Uint8Array>(count).fill(unit));
    }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, twice) => {
      const once = Buffer.concat(pieces);
      const bytes = twice ? Buffer.concat([once, once]) : once;
      expect(roundTrip(bytes).equals(bytes)).toBe(true);
    }),
    { numRuns: 300 },
  );
  for (const length of [0, 1, 5, 12, 13, 65_535, 65_536, 65_537]) {
    const bytes = Buffer.alloc(length, 'ab');
    expect(roundTrip(bytes).equals(bytes)).toBe(true);
  }
  const text = Buffer.from(TEXT);
  expect(compress(text).length).toBeLessThan(text.length / 4);
});

/** Where the last match of a block begins in what the block says, and how many bytes as they are end it. */
function endOfLz4Block(block: Buffer): { lastMatch: number; literals: number } {
  let [at, written, lastMatch, literals] = [0, 0, 0, 0];
  const lengthFrom = (nibble: number) => {
    let length = nibble;
    if (nibble === 15) for (let more = 255; more === 255; length += more) more = block[at++]!;
    return length;
  };
  while (at < block.length) {
    const token = block[at++]!;
    literals = lengthFrom(token >> 4);
    at += literals;
    written += literals;
    if (at === block.length) break;
    lastMatch = written;
    at += 2; // how far back it lies
    written += lengthFrom(token & 15) + 4;
  }
  return { lastMatch, literals };
}

// LZ4 block format, "End of block conditions": other decoders read past the end of a block that breaks them.
it('ends a block of LZ4 with five bytes as they are, and begins no match in the last twelve', async () => {
  const { compress } = (await loadCompressor('lz4'))!;
  const [FRAME_HEADER, BLOCK_LENGTH, FRAME_END] = [7, 4, 4];
  const unlike = Buffer.from(Array.from({ length: 30 }, (_, i) => i));
  const texts = Array.from({ length: 300 }, (_, i) => [
    ...['a', 'ab', 'abcdefghijklmnopqrstuvwxyz'].map((unit) => Buffer.alloc(40 + i, unit)),
    // The end is met a second time.
    Buffer.concat([Buffer.alloc(60, 'a'), unlike, unlike.subarray(0, i % 30)]),
  ]).flat();
  for (const text of texts) {
    const frame = Buffer.from(compress(text));
    expect(frame.readUInt32LE(FRAME_HEADER)).toBeLessThan(text.length); // not stored as it is
    const block = frame.subarray(FRAME_HEADER + BLOCK_LENGTH, frame.length - FRAME_END);
    const { lastMatch, literals } = endOfLz4Block(block);
    expect(literals).toBeGreaterThanOrEqual(5);
    expect(lastMatch).toBeLessThanOrEqual(text.length - 12);
    expect(lastMatch).toBeGreaterThan(0);
  }
});

it('refuses to write with a codec that it has not', async () => {
  const loading = loadCompressor('brotli' as Codec);
  await expect(loading).rejects.toThrow('compression: expected none, gzip, snappy, lz4');
  if (!HAS_ZSTD) await expect(loadCompressor('zstd')).rejects.toThrow('got zstd, which Node has from 22.15');
  expect(await loadCompressor('none')).toBeUndefined();
});

it('refuses a codec that does not exist', () => {
  expect(() => decompress(7, Buffer.alloc(0))).toThrow('expected a codec from 0 to 4, got 7');
});
