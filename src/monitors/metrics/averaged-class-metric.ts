import { excerpt, UsageError } from '../../errors.ts';
import { ClassMetric } from './class-counts.ts';

/** How the figures of several classes become one. */
export type ClassAverage = 'binary' | 'macro' | 'micro';

export interface ClassAverageOptions {
  /** `binary`: of one class only; `macro`: the mean over all classes; `micro`: of all decisions together. Default `binary`. */
  readonly average?: ClassAverage;
  /** With `binary`: the class that is looked for. Default 1. */
  readonly positive?: number;
}

/** A figure of each class by itself, and what becomes of several. A class that neither came nor was said counts for nothing. */
export abstract class AveragedClassMetric extends ClassMetric {
  protected readonly options: Required<ClassAverageOptions>;

  constructor(kind: string, { average = 'binary', positive = 1 }: ClassAverageOptions) {
    super();
    if (!['binary', 'macro', 'micro'].includes(average)) {
      throw new UsageError('bad-option', `${kind}: expected average binary, macro or micro, got ${excerpt(average)}`);
    }
    if (!(Number.isInteger(positive) && positive >= 0)) {
      throw new UsageError('bad-option', `${kind}: expected positive to be a class, got ${excerpt(positive)}`);
    }
    this.options = { average, positive };
  }

  /** The figure from three weights, 0 where it divides by 0: what was said rightly, what was so, what was said to be. */
  protected abstract figure(right: number, actual: number, predicted: number): number;

  get value(): number {
    const { right, actual, predicted } = this.sums;
    let rows = 0;
    let classes = 0;
    let figures = 0;
    let allRight = 0;
    for (let k = 0; k < actual.length; k++) {
      rows += actual[k]!;
      allRight += right[k]!;
      if (actual[k]! + predicted[k]! === 0) continue;
      classes++;
      figures += this.figure(right[k]!, actual[k]!, predicted[k]!);
    }
    if (rows === 0) return Number.NaN;
    if (this.options.average === 'macro') return figures / classes;
    if (this.options.average === 'micro') return this.figure(allRight, rows, rows);
    const { positive } = this.options;
    return this.figure(right[positive] ?? 0, actual[positive] ?? 0, predicted[positive] ?? 0);
  }

  /** The metric's name, with what sets it apart from others of its class: `f1`, `f1.macro`, `f1.class2`. */
  protected nameOf(figure: string): string {
    const { average, positive } = this.options;
    if (average !== 'binary') return `${figure}.${average}`;
    return positive === 1 ? figure : `${figure}.class${positive}`;
  }
}
