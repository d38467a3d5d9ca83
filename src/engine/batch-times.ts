/** The first batch time after `nowMs`: batch times are whole multiples of the batch duration, as in Spark. */
export function firstBatchTime(nowMs: number, batchDurationMs: number): number {
  return (Math.floor(nowMs / batchDurationMs) + 1) * batchDurationMs;
}
