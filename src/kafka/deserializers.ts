import { DataError, messageOf } from '../errors.ts';
import type { KafkaRecord } from './kafka-record.ts';

/**
 * Makes something of the bytes of a value. What it throws makes the record a bad one; `record` is the whole of it. One that asks
 * a schema registry gives a promise, and goes with `mapAsync`.
 */
export type Deserializer<T> = (value: Uint8Array, record: KafkaRecord) => T;

/**
 * A function for `map` that gives what `deserialize` makes of a record's value. A record without a value is a bad one.
 *
 *     createDirectStream(context, options).map(valueWith(jsonDeserializer));
 */
export function valueWith<T>(deserialize: Deserializer<T>): (record: KafkaRecord) => T {
  return (record) => {
    if (record.value === null) throw new DataError('bad-record', `expected a value, got none, at ${placeOf(record)}`);
    return deserialize(record.value, record);
  };
}

/** The bytes, copied: a view of them would keep the whole response in memory. */
export function bytesDeserializer(value: Uint8Array): Uint8Array {
  return Uint8Array.from(value);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text in UTF-8. Throws `DataError` where the bytes are none. */
export function stringDeserializer(value: Uint8Array, record: KafkaRecord): string {
  try {
    return utf8.decode(value);
  } catch (cause) {
    throw new DataError('bad-record', `expected text in UTF-8, got other bytes, at ${placeOf(record)}`, { cause });
  }
}

/** JSON. Throws `DataError` where it is none. For numbers that go to a learner, `jsonColumns` is faster. */
export function jsonDeserializer(value: Uint8Array, record: KafkaRecord): unknown {
  const text = stringDeserializer(value, record);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DataError('bad-record', `expected JSON, got ${messageOf(cause)}, at ${placeOf(record)}`, { cause });
  }
}

const [MAGIC, HEADER_BYTES] = [0, 5];

/**
 * Values in the framing of Confluent's serializers: a zero, the number of the schema in four bytes, and then what `decode` is
 * given: Avro, Protobuf or whatever the schema is of.
 *
 *     valueWith(confluentDeserializer((schemaId, payload) => schemas.get(schemaId)!.fromBuffer(payload)));
 */
export function confluentDeserializer<T>(
  decode: (schemaId: number, payload: Uint8Array, record: KafkaRecord) => T,
): Deserializer<T> {
  return (value, record) => {
    if (value.length < HEADER_BYTES || value[0] !== MAGIC) {
      const got = value.length < HEADER_BYTES ? `${value.length} bytes` : `one that begins with ${value[0]}`;
      throw new DataError(
        'bad-record',
        `expected a value with the number of its schema, got ${got}, at ${placeOf(record)}`,
      );
    }
    const { buffer, byteOffset, byteLength } = value;
    const schemaId = new DataView(buffer, byteOffset, byteLength).getUint32(1);
    return decode(schemaId, value.subarray(HEADER_BYTES), record);
  };
}

/** The payload framed so, for a sink whose readers expect it. */
export function confluentFramed(schemaId: number, payload: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + payload.length);
  new DataView(framed.buffer).setUint32(1, schemaId);
  framed.set(payload, HEADER_BYTES);
  return framed;
}

function placeOf({ topic, partition, offset }: KafkaRecord): string {
  return `offset ${offset} of partition ${partition} of topic ${topic}`;
}
