import { type DStream, LabeledPoint, UsageError, type Vector } from '../index.ts';
import type { CsvStream } from './stream-source.ts';

/** The lines of a stream as what a learner takes: features, and a label where it needs one. */
export function recordsFor(
  learner: { readonly supervised: boolean; readonly kind: string },
  stream: CsvStream,
  features: readonly string[],
  label: string | undefined,
): DStream<LabeledPoint> {
  if (!learner.supervised) {
    if (label !== undefined) throw new UsageError('bad-option', `--label: a ${learner.kind} learns without labels`);
    const points: DStream<Vector> = stream.map(stream.columns.numbers(features, '--features'));
    return points as unknown as DStream<LabeledPoint>;
  }
  const labelColumn = label ?? DEFAULT_LABEL;
  stream.columns.check([labelColumn], '--label');
  const numbersOf = stream.columns.numbers([...features, labelColumn], '--features');
  return stream.map((line) => {
    const numbers = numbersOf(line);
    return LabeledPoint(numbers.pop()!, numbers);
  });
}

/** The column that is learned where none is named. */
export const DEFAULT_LABEL = 'label';
