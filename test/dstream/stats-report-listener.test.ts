import { describe, expect, it } from 'vitest';
import { StatsReportListener } from '../../src/dstream/stats-report-listener.ts';
import { silentLog } from '../../src/host/log.ts';
import { progressOf } from '../progress-of.ts';

/** What it reports of batches that take so long, each a millisecond late. */
function reported(processingTimesMs: readonly number[], numBatchInfos?: number): readonly string[] {
  const lines: string[] = [];
  const log = { ...silentLog, info: (line: string) => void lines.push(line) };
  const listener = new StatsReportListener(numBatchInfos === undefined ? { log } : { log, numBatchInfos });
  for (const [index, processingTimeMs] of processingTimesMs.entries()) {
    const totalDelayMs = 1 + processingTimeMs;
    const processingEndTime = 1000 * (index + 1) + totalDelayMs + 3; // planning and committing, say
    listener.onBatchCompleted(progressOf(index + 1, { processingTimeMs, totalDelayMs, processingEndTime }));
  }
  return lines;
}

describe('StatsReportListener', () => {
  it("says how long each batch took, and how the delays are spread, in Spark's words", () => {
    expect(reported([10, 30]).slice(-7)).toEqual([
      'Total delay: 0.034 s for time 2000 ms (execution: 0.030 s)',
      'Total delay: (count: 2, mean: 21.000000, stdev: 10.000000, max: 31.000000, min: 11.000000)',
      '\t0%\t5%\t10%\t25%\t50%\t75%\t90%\t95%\t100%',
      '\t11.0 ms\t11.0 ms\t11.0 ms\t11.0 ms\t31.0 ms\t31.0 ms\t31.0 ms\t31.0 ms\t31.0 ms',
      'Processing time: (count: 2, mean: 20.000000, stdev: 10.000000, max: 30.000000, min: 10.000000)',
      '\t0%\t5%\t10%\t25%\t50%\t75%\t90%\t95%\t100%',
      '\t10.0 ms\t10.0 ms\t10.0 ms\t10.0 ms\t30.0 ms\t30.0 ms\t30.0 ms\t30.0 ms\t30.0 ms',
    ]);
  });

  it('looks at the last ten batches, or as many as it is told', () => {
    const times = Array.from({ length: 12 }, (_, i) => i);
    expect(reported(times).at(-3)).toMatch(/^Processing time: \(count: 10, .* max: 11.000000, min: 2.000000\)$/);
    expect(reported(times, 3).at(-3)).toMatch(/^Processing time: \(count: 3, .* max: 11.000000, min: 9.000000\)$/);
  });

  it.each([0, 1.5, Number.NaN])('refuses to look at %d batches', (numBatchInfos) => {
    expect(() => reported([], numBatchInfos)).toThrow(
      `numBatchInfos: expected a whole number of at least 1, got ${numBatchInfos}`,
    );
  });
});
