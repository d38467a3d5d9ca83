/** One request to a broker, and how its response is read. */
export interface Api<R> {
  readonly name: string;
  /** Kafka's number for the kind of request. */
  readonly key: number;
  readonly version: number;
  /** Whether the headers of this version have room for tagged fields. */
  readonly flexible: boolean;
  readonly body: Buffer;
  /** What the response says; `bytes` begin after its header. */
  decode(bytes: Buffer): R;
}
