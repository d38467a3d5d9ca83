import type { PartitionRange } from './kafka-driver.ts';
import type { PartitionRecords } from './partition-records.ts';
import type { Decompress } from './wire/compression.ts';
import type { AbortedTransaction } from './wire/fetch.ts';
import { recordBatches } from './wire/record-batch.ts';

/** How far a response took a reader. */
export interface Decoded {
  /** Where the next fetch begins. */
  readonly next: number;
  /** Of the batches that belong to the range, and the offsets that they stand for. */
  readonly bytes: number;
  readonly offsets: number;
}

/**
 * Adds the records of `range` that lie in a response to `into`, without control records and without those of aborted
 * transactions. Tells where the next fetch begins: the batches say it, since the last offsets of a range may belong to a
 * marker, to an aborted record, or to none.
 *
 * A transaction counts as aborted from its first offset on until its marker, per producer. The response lists them in the
 * order in which they ended, so they are sorted first; those whose marker lies beyond the response are listed too.
 */
export function decodeBatches(
  bytes: Buffer,
  range: PartitionRange,
  aborted: readonly AbortedTransaction[],
  decompress: Decompress,
  into: PartitionRecords,
): Decoded {
  const { start, end } = range;
  const transactions = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const abortedProducers = new Set<number>();
  let next = start;
  let begun = 0;
  let [bytesWalked, offsets] = [0, 0];
  for (const batch of recordBatches(bytes)) {
    if (batch.baseOffset >= end) {
      next = end;
      break;
    }
    bytesWalked += batch.sizeBytes;
    offsets += batch.nextOffset - batch.baseOffset;
    next = Math.max(next, batch.nextOffset);
    for (; begun < transactions.length && transactions[begun]!.firstOffset < batch.nextOffset; begun++) {
      abortedProducers.add(transactions[begun]!.producerId);
    }
    if (batch.isControl) {
      abortedProducers.delete(batch.producerId); // a marker, be it for a commit, ends what the producer had begun
    } else if (batch.nextOffset > start && !(batch.isTransactional && abortedProducers.has(batch.producerId))) {
      into.add({ ...batch, bytes: decompress(batch.codec, batch.records) }, start, end);
    }
  }
  return { next: Math.min(next, end), bytes: bytesWalked, offsets };
}
