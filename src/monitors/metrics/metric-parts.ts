import type { Metric } from '../../contracts/monitor.ts';
import { excerpt, UsageError } from '../../errors.ts';

/** The metric's value under its name, for the progress event; nothing while it is undefined. */
export function namedValue({ name, value }: Metric): Readonly<Record<string, number>> {
  return Number.isFinite(value) ? { [name]: value } : {};
}

/** `other`, if it is of the same kind and parameters, so that the two can be merged. Throws `UsageError` (`wrong-type`). */
export function sameKind<M extends Metric>(metric: M, other: Metric): M {
  if (other.constructor === metric.constructor && other.name === metric.name) return other as M;
  throw new UsageError('wrong-type', `${metric.name}: expected another of its kind to merge with, got ${other.name}`);
}

/** Throws `UsageError` (`bad-option`) unless the factor can let rows fade. */
export function checkDecay({ name }: Metric, factor: number): void {
  if (factor >= 0 && factor <= 1) return;
  throw new UsageError('bad-option', `${name}: expected a decay factor in [0, 1], got ${excerpt(factor)}`);
}
