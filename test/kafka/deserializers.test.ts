import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.ts';
import {
  bytesDeserializer,
  confluentDeserializer,
  confluentFramed,
  type Deserializer,
  jsonDeserializer,
  stringDeserializer,
  valueWith,
} from '../../src/kafka/deserializers.ts';
import { partitionRecordsOf } from './partition-records-of.ts';

function read<T>(deserialize: Deserializer<T>, value: Uint8Array | string | null): T {
  return valueWith(deserialize)(partitionRecordsOf([{ topic: 'topic', value }]).recordAt(0));
}

/** A record of Avro's schema {long id; double score}: the id in zigzag varint, the score as a little-endian double. */
function avroPayment(payload: Uint8Array) {
  let id = 0n;
  let at = 0;
  for (let shift = 0n; ; shift += 7n) {
    const byte = payload[at++]!;
    id |= BigInt(byte & 0x7f) << shift;
    if (byte < 128) break;
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  return { id: Number((id >> 1n) ^ -(id & 1n)), score: view.getFloat64(at, true) };
}

describe('a value', () => {
  it('is read as bytes of its own, text, or JSON', () => {
    const bytes = read(bytesDeserializer, Buffer.of(1, 2));
    expect(bytes).toEqual(Uint8Array.of(1, 2));
    expect(bytes.buffer.byteLength).toBe(2);
    expect(read(stringDeserializer, 'é')).toBe('é');
    expect(read(jsonDeserializer, '{"a":[1]}')).toEqual({ a: [1] });
  });

  it('in Confluent framing goes to the decoder of its schema', () => {
    // id −150 is 299 in zigzag; the score is 0.5
    const payload = Uint8Array.of(0xab, 0x02, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f);
    const decoders = new Map([[70_000, avroPayment]]);
    const decoded = read(
      confluentDeserializer((schemaId, avro) => decoders.get(schemaId)!(avro)),
      confluentFramed(70_000, payload),
    );
    expect(decoded).toEqual({ id: -150, score: 0.5 });
  });

  it.each([
    ['JSON', jsonDeserializer, '{"a":', 'expected JSON, got'],
    ['text', stringDeserializer, Uint8Array.of(0xff), 'expected text in UTF-8'],
    ['framed', confluentDeserializer(() => 0), '{"a":1}', 'got one that begins with 123'],
    ['framed', confluentDeserializer(() => 0), Uint8Array.of(0, 0), 'got 2 bytes'],
    ['anything', bytesDeserializer, null, 'expected a value, got none'],
  ])('that is not %s is a bad record, and the error says where it is', (_, deserialize, value, message) => {
    const reading = () => read<unknown>(deserialize, value);
    expect(reading).toThrow(DataError);
    expect(reading).toThrow(message);
    expect(reading).toThrow('at offset 0 of partition 0 of topic topic');
  });
});
