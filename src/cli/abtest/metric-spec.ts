import { InvalidArgumentError } from 'commander';
import type { MetricOptions } from '../../index.ts';
import { finiteNumber, wholeNumber } from '../option-values.ts';

/** A metric as it is spelt on the command line, which is also its name. */
export interface MetricSpec {
  readonly name: string;
  readonly column: string;
  readonly denominator?: string;
  readonly options: MetricOptions;
}

/** Units in which a quantile, or a cap that is one, is looked for, if not others are named. */
const FIRST_UNITS = 1000;

/** `spent`, `mean(spent)`, `proportion(bought)`, `ratio(clicks/views)`, `quantile(wait, 0.9)` or `quantile(wait, 0.9, 500)`. */
export function metricSpec(text: string): MetricSpec {
  const name = text.trim();
  const [, kind = 'mean', inside = name] = /^(\w+)\((.+)\)$/.exec(name) ?? [];
  if (inside === '') throw new InvalidArgumentError('Expected a column.');
  if (kind === 'mean' || kind === 'proportion') return { name, column: inside, options: { kind } };
  const [first, second, third] = inside.split(kind === 'ratio' ? '/' : ',').map((part) => part.trim());
  if (first && second && kind === 'ratio') {
    return { name, column: first, denominator: second, options: { kind } };
  }
  if (first && second && kind === 'quantile') {
    const quantile = { share: finiteNumber(second), ofFirst: third ? wholeNumber(third) : FIRST_UNITS };
    return { name, column: first, options: { kind, quantile } };
  }
  throw new InvalidArgumentError(
    "Expected a column, 'proportion(COLUMN)', 'ratio(COLUMN/COLUMN)' or 'quantile(COLUMN, SHARE, FIRST UNITS)'.",
  );
}

/** `METRIC +MARGIN`: it must not rise by as much; `METRIC -MARGIN`: it must not fall. */
export function guardrailSpec(text: string): MetricSpec {
  const [, metric, sign, margin] = /^(.*\S)\s+([+-])(\S+)$/.exec(text.trim()) ?? [];
  if (metric === undefined) {
    throw new InvalidArgumentError("Expected a metric and what it must not change by, such as 'wait +0.5'.");
  }
  const spec = metricSpec(metric);
  const guardrail = { margin: finiteNumber(margin!), better: sign === '+' ? 'lower' : 'higher' } as const;
  return { ...spec, options: { ...spec.options, guardrail } };
}

/** `100`; or `p99`, the quantile of the first units; or `p99/500`, of the first 500. */
export function capSpec(text: string): NonNullable<MetricOptions['cap']> {
  const [, percent, ofFirst = FIRST_UNITS] = /^p(\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text) ?? [];
  return percent === undefined ? finiteNumber(text) : { quantile: Number(percent) / 100, ofFirst: Number(ofFirst) };
}
