import { threadId } from 'node:worker_threads';

/** The partition's sum, with its index and the thread that it came from. */
export default async function sums(partition, index) {
  if (partition.includes('bad')) throw new RangeError('no number');
  if (partition.includes('exit')) process.exit(3);
  return [{ index, sum: partition.reduce((a, b) => a + b, 0), threadId }];
}
