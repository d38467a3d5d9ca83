import type { BatchProgress, StreamingListener } from '../index.ts';

/** What a progress line is written to: standard error, as a rule. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Which figures of the models the line ends with, by the names they have there. */
export type FiguresOf = (metrics: BatchProgress['metrics']) => Readonly<Record<string, number>>;

/** Back to the first column, and clear to the end of the line. */
const REDRAW = '\r\u001b[K';

/** One line a batch. On a terminal the line is drawn again in place; in a pipe every batch has a line of its own. */
export class ProgressLine implements StreamingListener {
  readonly #figuresOf: FiguresOf;
  readonly #output: ProgressOutput;
  #drawn = false;

  constructor(figuresOf: FiguresOf = lastFigures, output: ProgressOutput = process.stderr) {
    this.#figuresOf = figuresOf;
    this.#output = output;
  }

  onBatchCompleted(progress: BatchProgress): void {
    const text = progressText(progress, this.#figuresOf(progress.metrics));
    if (!this.#output.isTTY) {
      this.#output.write(`${text}\n`);
      return;
    }
    const width = Math.max(20, (this.#output.columns ?? 80) - 1);
    this.#output.write(REDRAW + (text.length > width ? `${text.slice(0, width - 1)}…` : text));
    this.#drawn = true;
  }

  /** Leaves the last line standing. */
  end(): void {
    if (this.#drawn) this.#output.write('\n');
    this.#drawn = false;
  }
}

function progressText(progress: BatchProgress, figures: Readonly<Record<string, number>>): string {
  const { batchId, numRecords, rejectedRecords, processedRowsPerSecond, processingTimeMs, totalDelayMs } = progress;
  const parts = [
    `batch ${batchId}`,
    `${numRecords} rows`,
    `${compact(processedRowsPerSecond)} rows/s`,
    `took ${processingTimeMs.toFixed(1)} ms`,
    `delay ${totalDelayMs.toFixed(0)} ms`,
  ];
  if (rejectedRecords > 0) parts.push(`${rejectedRecords} bad`);
  for (const [name, value] of Object.entries(figures)) parts.push(`${name} ${value.toPrecision(3)}`);
  return parts.join(' · ');
}

/** The figures of the last batch, `StreamingKMeans.loss` and the like. */
function lastFigures(metrics: BatchProgress['metrics']): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => /\.(loss|last)$/.test(name)));
}

function compact(count: number): string {
  return count >= 10_000 ? `${Math.round(count / 1000)}k` : count.toFixed(0);
}
