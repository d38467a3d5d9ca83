import { StateError } from '../errors.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import type { KafkaOffset } from './kafka-offset.ts';
import type { ProducerRecord } from './kafka-record.ts';

/** The last batch that was written under an id; no batch where an id was taken and nothing written yet. */
export interface LedgerEntry {
  readonly batch?: number;
  /** The batch's time, milliseconds since 1970. */
  readonly time?: number;
  /** Of a share of a job. */
  readonly share?: ShareEntry;
}

/** What a share of a job keeps beside the batch. */
export interface ShareEntry {
  /** Which set of shares it belongs to, counted from 1; each set takes over from the one before. */
  readonly generation: number;
  /** How many shares the set has. */
  readonly count: number;
  /** Where the share's source stands after the batch; absent where an entry only says that there is such a set. */
  readonly position?: KafkaOffset;
}

/** By id. */
export type LedgerEntries = ReadonlyMap<string, LedgerEntry>;

/**
 * What a control topic says of each id, all of it that was written before the call. Whoever asks for its own id must have
 * shut out older producers of that id before.
 *
 * A transaction that is still open hides from `driver`, which reads what is committed, everything after it, also what others
 * have committed; so this waits until all is decided that was there at the call.
 */
export async function readLedger(driver: KafkaDriver, topic: string): Promise<LedgerEntries> {
  return entriesBefore(await endOf(driver.seeing('read_uncommitted'), topic), driver, topic);
}

/** The same without waiting: with what is not decided yet, and with what never was to be. */
export async function readUndecidedLedger(driver: KafkaDriver, topic: string): Promise<LedgerEntries> {
  const uncommitted = driver.seeing('read_uncommitted');
  return entriesBefore(await endOf(uncommitted, topic), uncommitted, topic);
}

async function endOf(driver: KafkaDriver, topic: string): Promise<number> {
  const [end] = await driver.offsets([{ topic, partition: 0 }], 'latest');
  return end ?? 0;
}

async function entriesBefore(end: number, driver: KafkaDriver, topic: string): Promise<LedgerEntries> {
  const partition = { topic, partition: 0 };
  const [start] = await driver.offsets([partition], 'earliest');
  const [records] = await driver.read([{ ...partition, start: start ?? 0, end }]);
  const entries = new Map<string, LedgerEntry>();
  for (let i = 0; i < records!.length; i++) {
    const { key, value } = records!.recordAt(i);
    if (key !== null && value !== null) entries.set(textOf(key), entryOf(textOf(value), topic));
  }
  return entries;
}

/** The record that says so. */
export function ledgerRecord(topic: string, id: string, entry: LedgerEntry): ProducerRecord {
  return { topic, partition: 0, key: id, value: JSON.stringify(entry) };
}

/**
 * Whether a batch is the last one that was written. Throws `StateError` (`does-not-fit`) where it can't be one that follows: then
 * the checkpoint is not the one that the output was written with.
 */
export function isWritten({ id, time }: { readonly id: number; readonly time: number }, last: LedgerEntry): boolean {
  if (last.batch === undefined || last.time === undefined) return false;
  if (id === last.batch && time === last.time) return true;
  if (id > last.batch && time > last.time) return false;
  throw new StateError(
    'does-not-fit',
    `Kafka sink: expected a batch after number ${last.batch} of ${new Date(last.time).toISOString()}, which is the last one written, ` +
      `got number ${id} of ${new Date(time).toISOString()}; this checkpoint is not the one that the output belongs to: ` +
      'restore that, or take another transactional id',
    { context: { batch: id, lastBatch: last.batch } },
  );
}

function entryOf(text: string, topic: string): LedgerEntry {
  try {
    return JSON.parse(text) as LedgerEntry;
  } catch (cause) {
    throw new StateError(
      'damaged',
      `Kafka sink: topic ${topic} holds what no sink has written; take another control topic`,
      {
        cause,
      },
    );
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
