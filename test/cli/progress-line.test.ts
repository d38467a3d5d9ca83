import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../src/cli/progress-line.ts';
import type { BatchProgress } from '../../src/index.ts';

function progressOf(batchId: number, rejectedRecords = 0): BatchProgress {
  return {
    batchId,
    batchTime: 1000 * batchId,
    sources: {},
    numRecords: 250,
    rejectedRecords,
    attempts: 1,
    processingStartTime: 1000 * batchId + 1,
    processingEndTime: 1000 * batchId + 3,
    schedulingDelayMs: 1,
    processingTimeMs: 2,
    totalDelayMs: 3,
    phaseMs: { plan: 0, log: 0, run: 2, write: 0, commit: 0 },
    inputRowsPerSecond: 250,
    processedRowsPerSecond: 125_000,
    rateLimits: {},
    state: { rows: 0, journalBytes: 0 },
    metrics: { 'StreamingKMeans.loss': 0.12345, 'delay.mean': 3, 'delay.last': 4 },
    totals: { batches: batchId + 1, records: 250, rejected: 0 },
  };
}

const ESCAPE = '\u001b';

/** Cursor up by so many lines; line feed, carriage return, clear to the end; anything else. */
const CONTROL = new RegExp(`${ESCAPE}\\[(\\d+)A|(\r|\n|${ESCAPE}\\[J)|([^\r\n${ESCAPE}]+)`, 'g');

/** A terminal as far as it matters here: lines, a cursor that can go up, and clearing from it. */
class Screen {
  readonly isTTY = true;
  readonly columns: number;
  lines: string[] = [''];

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    for (const [, up, control, characters] of text.matchAll(CONTROL)) {
      if (up !== undefined) this.lines.length -= Number(up);
      else if (control === '\n') this.lines.push('');
      else if (control !== undefined) this.lines[this.lines.length - 1] = '';
      else this.lines[this.lines.length - 1] += characters ?? '';
    }
  }
}

describe('ProgressLine', () => {
  it('is a plain line a batch in a pipe', () => {
    let written = '';
    const line = new ProgressLine(undefined, { write: (text) => (written += text) });
    line.onBatchCompleted(progressOf(0));
    line.onBatchCompleted(progressOf(1, 2));
    line.end();
    expect(written).toBe(
      'batch 0 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · StreamingKMeans.loss 0.123 · delay.last 4.00\n' +
        'batch 1 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · 2 bad · StreamingKMeans.loss 0.123 · delay.last 4.00\n',
    );
  });

  it.each([200, 60, 30])('is drawn in place on a terminal of %i columns, and nothing is lost', (columns) => {
    const screen = new Screen(columns);
    const line = new ProgressLine(undefined, screen);
    for (let batch = 0; batch < 12; batch++) line.onBatchCompleted(progressOf(batch));
    const drawn = screen.lines.join(' · ');
    line.end();
    expect(drawn).toBe(
      'batch 11 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · StreamingKMeans.loss 0.123 · delay.last 4.00',
    );
    expect(Math.max(...screen.lines.map(({ length }) => length))).toBeLessThan(columns);
    expect(screen.lines.at(-1)).toBe('');
  });
});
