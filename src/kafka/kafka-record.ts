/** The value of a header may be absent; a key may occur more than once. */
export interface KafkaHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record as a broker keeps it: Spark's seven columns, and the headers. */
export interface KafkaRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** Who said when: 0 the producer, 1 the broker when it appended the record. */
  readonly timestampType: 0 | 1;
  readonly headers: readonly KafkaHeader[];
}

/** A record to write. Without a partition, the key chooses it as Java's producer does; without a key, records are spread. */
export interface ProducerRecord {
  readonly topic: string;
  readonly value: Uint8Array | string | null;
  readonly key?: Uint8Array | string | null;
  readonly partition?: number;
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | string | null }[];
  /** Milliseconds since 1970. Default: when it is written. */
  readonly timestamp?: number;
}
