import type { BatchProgress, StreamingListener } from '../index.ts';

/** What a progress line is written to: standard error, as a rule. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Which figures of the models the line ends with, by the names they have there. */
export type FiguresOf = (metrics: BatchProgress['metrics']) => Readonly<Record<string, number>>;

/** What stands between two parts of the line. */
const SEPARATOR = ' · ';

/** To the first column of the line that is so many lines up, and clear from there. */
const redraw = (linesUp: number) => `\r${linesUp > 0 ? `\u001b[${linesUp}A` : ''}\u001b[J`;

/** One line a batch. On a terminal it is drawn again in place, folded to its width; in a pipe every batch has a line of its own. */
export class ProgressLine implements StreamingListener {
  readonly #figuresOf: FiguresOf;
  readonly #output: ProgressOutput;
  /** Lines on the terminal; 0 for none. */
  #drawn = 0;

  constructor(figuresOf: FiguresOf = lastFigures, output: ProgressOutput = process.stderr) {
    this.#figuresOf = figuresOf;
    this.#output = output;
  }

  onBatchCompleted(progress: BatchProgress): void {
    const parts = progressParts(progress, this.#figuresOf(progress.metrics));
    if (!this.#output.isTTY) {
      this.#output.write(`${parts.join(SEPARATOR)}\n`);
      return;
    }
    const lines = folded(parts, (this.#output.columns ?? 80) - 1);
    this.#output.write(redraw(this.#drawn - 1) + lines.join('\n'));
    this.#drawn = lines.length;
  }

  /** Leaves what was drawn last standing. */
  end(): void {
    if (this.#drawn > 0) this.#output.write('\n');
    this.#drawn = 0;
  }
}

/** The parts in as few lines as hold them. A part longer than a line is cut. */
function folded(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : lines.at(-1) + SEPARATOR + part;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(part.slice(0, width));
  }
  return lines;
}

function progressParts(progress: BatchProgress, figures: Readonly<Record<string, number>>): readonly string[] {
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
  return parts;
}

/** The figures of the last batch, `StreamingKMeans.loss` and the like. */
function lastFigures(metrics: BatchProgress['metrics']): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => /\.(loss|last)$/.test(name)));
}

function compact(count: number): string {
  return count >= 10_000 ? `${Math.round(count / 1000)}k` : count.toFixed(0);
}
