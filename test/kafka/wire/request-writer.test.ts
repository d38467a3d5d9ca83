import { expect, it } from 'vitest';
import { RequestWriter } from '../../../src/kafka/wire/request-writer.ts';
import { ResponseReader } from '../../../src/kafka/wire/response-reader.ts';

it('writes what the reader reads, however long it gets', () => {
  const texts = Array.from({ length: 500 }, (_, i) => 'é'.repeat(i));
  const numbers = [0, 1, -1, 127, -128];
  const writer = new RequestWriter();
  writer.array(texts, (text) => writer.string(text).compactString(text).unsignedVarint(text.length));
  writer.compactArray(numbers, (n) =>
    writer
      .int8(n)
      .int16(n)
      .int32(n)
      .int64(n * 2 ** 40),
  );
  writer.zeros(16).noTags().absent();
  const reader = new ResponseReader(writer.bytes());
  const readTexts = reader.array(() => [reader.string(), reader.compactString(), reader.unsignedVarint()]);
  expect(readTexts).toEqual(texts.map((text) => [text, text, text.length]));
  const readNumbers = reader.compactArray(() => [reader.int8(), reader.int16(), reader.int32(), reader.int64()]);
  expect(readNumbers).toEqual(numbers.map((n) => [n, n, n, n * 2 ** 40]));
  expect(reader.bytes(16)).toEqual(Buffer.alloc(16));
  reader.skipTags();
  expect(reader.compactArray(() => 1)).toEqual([]);
  expect(() => reader.int8()).toThrow('expected a whole response from the broker');
});
