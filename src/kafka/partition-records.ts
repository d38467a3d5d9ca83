import { DataError } from '../errors.ts';
import type { KafkaHeader, KafkaRecord } from './kafka-record.ts';
import { VarintReader } from './wire/varint-reader.ts';

/** The records of a batch as producers wrote it, decompressed. */
export interface RecordPayload {
  readonly bytes: Buffer;
  /** How many records lie in the bytes. */
  readonly count: number;
  readonly baseOffset: number;
  /** Of the first record, or of all where the broker set it. */
  readonly timestamp: number;
  readonly timestampType: 0 | 1;
}

/** Offsets that were to be read, and that the broker no longer has. */
export interface LostOffsets {
  readonly start: number;
  readonly end: number;
  /** Older than what the topic keeps; or the topic is gone; or another one has its name, or its end lies before the start. */
  readonly because: 'aged-out' | 'deleted' | 'recreated';
}

/** In `#places`: the payload, and where the parts of the record lie in it. A length of −1 means that the part is absent. */
const [PAYLOAD, KEY, KEY_LENGTH, VALUE, VALUE_LENGTH, HEADERS, PLACES] = [0, 1, 2, 3, 4, 5, 6] as const;

/**
 * The records that were read of one range of a partition, as columns over the bytes that came from the broker: nothing is
 * made for a record before somebody asks for it. Keys, values and headers are views of those bytes; copy what is kept
 * beyond the batch, else a small value keeps a whole response in memory. 40 bytes a record.
 */
export class PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly lost: LostOffsets[] = [];
  readonly #payloads: RecordPayload[] = [];
  #places: Int32Array;
  #offsets: Float64Array;
  #timestamps: Float64Array;
  #length = 0;

  /** `expected`: about how many records are going to be added. */
  constructor(topic: string, partition: number, expected = 0) {
    this.topic = topic;
    this.partition = partition;
    this.#places = new Int32Array(expected * PLACES);
    this.#offsets = new Float64Array(expected);
    this.#timestamps = new Float64Array(expected);
  }

  get length(): number {
    return this.#length;
  }

  offsetAt(index: number): number {
    return this.#offsets[index]!;
  }

  /** Milliseconds since 1970. */
  timestampAt(index: number): number {
    return this.#timestamps[index]!;
  }

  timestampTypeAt(index: number): 0 | 1 {
    return this.#payloadOf(index).timestampType;
  }

  keyAt(index: number): Uint8Array | null {
    return this.#part(index, KEY, KEY_LENGTH);
  }

  valueAt(index: number): Uint8Array | null {
    return this.#part(index, VALUE, VALUE_LENGTH);
  }

  headersAt(index: number): readonly KafkaHeader[] {
    const { bytes } = this.#payloadOf(index);
    const reader = new VarintReader(bytes, this.#places[index * PLACES + HEADERS]!);
    const count = reader.int();
    if (count === 0) return NO_HEADERS;
    return Array.from({ length: count }, () => {
      const key = take(bytes, reader, reader.int())!.toString('utf8');
      return { key, value: take(bytes, reader, reader.int()) };
    });
  }

  /** Calls `visit` with where each value lies, without making a view of it; where there is none, `start` is −1. */
  forEachValue(visit: (bytes: Buffer, start: number, end: number, index: number) => void): void {
    for (let index = 0, place = 0; index < this.#length; index++, place += PLACES) {
      const { bytes } = this.#payloads[this.#places[place + PAYLOAD]!]!;
      const start = this.#places[place + VALUE]!;
      const length = this.#places[place + VALUE_LENGTH]!;
      visit(bytes, length < 0 ? -1 : start, length < 0 ? -1 : start + length, index);
    }
  }

  /** Where the values lie, −1 where there is none: of one stretch of records after the other that have their bytes in common. */
  *valueStretches(): Iterable<{ readonly bytes: Buffer; readonly places: Int32Array }> {
    const all = this.#places;
    for (let first = 0; first < this.#length; ) {
      const payload = all[first * PLACES + PAYLOAD]!;
      let last = first + 1;
      while (last < this.#length && all[last * PLACES + PAYLOAD] === payload) last++;
      const places = new Int32Array(2 * (last - first));
      for (let i = 0, place = first * PLACES; i < places.length; i += 2, place += PLACES) {
        const [start, length] = [all[place + VALUE]!, all[place + VALUE_LENGTH]!];
        places[i] = length < 0 ? -1 : start;
        places[i + 1] = length < 0 ? -1 : start + length;
      }
      yield { bytes: this.#payloads[payload]!.bytes, places };
      first = last;
    }
  }

  recordAt(index: number): KafkaRecord {
    return {
      key: this.keyAt(index),
      value: this.valueAt(index),
      topic: this.topic,
      partition: this.partition,
      offset: this.offsetAt(index),
      timestamp: this.timestampAt(index),
      timestampType: this.timestampTypeAt(index),
      headers: this.headersAt(index),
    };
  }

  /** Adds those records of a batch whose offsets lie in [start, end). Throws `DataError` where the bytes are no records. */
  add(payload: RecordPayload, start: number, end: number): void {
    const { bytes, count, baseOffset, timestamp, timestampType } = payload;
    this.#reserve(Math.min(count, end - Math.max(start, baseOffset)));
    const payloadIndex = this.#payloads.push(payload) - 1;
    const places = this.#places;
    const reader = new VarintReader(bytes);
    let last = baseOffset - 1;
    for (let i = 0; i < count; i++) {
      const length = reader.int();
      const next = reader.at + length;
      if (length < 0 || next > bytes.length) throw this.#damaged(baseOffset);
      reader.at++; // attributes, of which there are none yet
      const time = reader.long();
      const offset = baseOffset + reader.int();
      if (offset <= last) throw this.#damaged(offset); // so there are no more of them than offsets, and there is room
      last = offset;
      if (offset >= start && offset < end) {
        const place = this.#length * PLACES;
        const keyLength = reader.int();
        const key = reader.at;
        if (keyLength > 0) reader.at += keyLength;
        const valueLength = reader.int();
        const value = reader.at;
        if (valueLength > 0) reader.at += valueLength;
        if (reader.at >= next) throw this.#damaged(offset);
        places[place + PAYLOAD] = payloadIndex;
        places[place + KEY] = key;
        places[place + KEY_LENGTH] = keyLength;
        places[place + VALUE] = value;
        places[place + VALUE_LENGTH] = valueLength;
        places[place + HEADERS] = reader.at;
        this.#offsets[this.#length] = offset;
        this.#timestamps[this.#length] = timestampType === 1 ? timestamp : timestamp + time;
        this.#length++;
      }
      reader.at = next;
    }
  }

  #payloadOf(index: number): RecordPayload {
    return this.#payloads[this.#places[index * PLACES + PAYLOAD]!]!;
  }

  #part(index: number, part: number, partLength: number): Buffer | null {
    const start = this.#places[index * PLACES + part]!;
    const length = this.#places[index * PLACES + partLength]!;
    return length < 0 ? null : this.#payloadOf(index).bytes.subarray(start, start + length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#offsets.length) return;
    const capacity = Math.max(needed, 2 * this.#offsets.length);
    this.#places = grown(this.#places, new Int32Array(capacity * PLACES));
    this.#offsets = grown(this.#offsets, new Float64Array(capacity));
    this.#timestamps = grown(this.#timestamps, new Float64Array(capacity));
  }

  #damaged(offset: number): DataError {
    const context = { topic: this.topic, partition: this.partition, offset };
    return new DataError('bad-record', 'Kafka: expected a record, got bytes that are none', { context });
  }
}

const NO_HEADERS: readonly KafkaHeader[] = Object.freeze([]);

/** The next bytes, or null for a length of −1. */
function take(bytes: Buffer, reader: VarintReader, length: number): Buffer | null {
  if (length < 0) return null;
  const start = reader.at;
  reader.at += length;
  return bytes.subarray(start, reader.at);
}

function grown<A extends Int32Array | Float64Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
