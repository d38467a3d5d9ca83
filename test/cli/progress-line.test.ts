import { describe, expect, it } from 'vitest';
import { ProgressLine } from '../../src/cli/progress-line.ts';
import { progressOf } from '../progress-of.ts';

const metrics = { 'StreamingKMeans.loss': 0.12345, 'delay.mean': 3, 'delay.last': 4 };

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
    line.onBatchCompleted(progressOf(0, { metrics }));
    line.onBatchCompleted(progressOf(1, { metrics, rejectedRecords: 2 }));
    line.end();
    expect(written).toBe(
      'batch 0 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · StreamingKMeans.loss 0.123 · delay.last 4.00\n' +
        'batch 1 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · 2 bad · StreamingKMeans.loss 0.123 · delay.last 4.00\n',
    );
  });

  it.each([200, 60, 30])('is drawn in place on a terminal of %i columns, and nothing is lost', (columns) => {
    const screen = new Screen(columns);
    const line = new ProgressLine(undefined, screen);
    for (let batch = 0; batch < 12; batch++) line.onBatchCompleted(progressOf(batch, { metrics }));
    const drawn = screen.lines.join(' · ');
    line.end();
    expect(drawn).toBe(
      'batch 11 · 250 rows · 125k rows/s · took 2.0 ms · delay 3 ms · StreamingKMeans.loss 0.123 · delay.last 4.00',
    );
    expect(Math.max(...screen.lines.map(({ length }) => length))).toBeLessThan(columns);
    expect(screen.lines.at(-1)).toBe('');
  });
});
