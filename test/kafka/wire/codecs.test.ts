import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadDecompressors } from '../../../src/kafka/wire/compression.ts';

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

it('refuses a codec that does not exist', () => {
  expect(() => decompress(7, Buffer.alloc(0))).toThrow('expected a codec from 0 to 4, got 7');
});
