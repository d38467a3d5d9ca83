import { LabeledPoint } from '../../src/batch/vector.ts';
import { seededRandom } from '../../src/host/random.ts';

/**
 * SEA rows from Mulberry32 of seed 42: three features uniform on [0, 10), class 1 if the first two add up to more than the
 * threshold. `rowsEach` rows a threshold, one sequence of draws; with `noise`, one more draw a row says whether its label turns.
 */
export function seaRows(thresholds: readonly number[], rowsEach: number, noise = 0): LabeledPoint[] {
  const random = seededRandom(42);
  return thresholds.flatMap((threshold) =>
    Array.from({ length: rowsEach }, () => {
      const features = [0, 0, 0].map(() => 10 * random.next());
      const label = features[0]! + features[1]! > threshold ? 1 : 0;
      return LabeledPoint(noise > 0 && random.next() < noise ? 1 - label : label, features);
    }),
  );
}
