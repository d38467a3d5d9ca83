import { describe, expect, it } from 'vitest';
import { ExponentiallyWeightedMoments, P2Quantile } from '../../src/index.ts';
import { expectClose, expectDigits } from './expect-close.ts';
import { JAIN_CHLAMTAC, RIVER_MOMENTS, RIVER_QUANTILES } from './golden.ts';
import { NumpyRandom } from './numpy-random.ts';

function estimate(p: number, values: Iterable<number>): P2Quantile {
  const quantile = new P2Quantile(p);
  quantile.update(values);
  return quantile;
}

it('ExponentiallyWeightedMoments gives the means and variances of River', () => {
  const { alpha, values, means, variances } = RIVER_MOMENTS;
  const moments = new ExponentiallyWeightedMoments(alpha);
  const got = values.map((x) => {
    moments.update([x]);
    return [moments.mean, moments.variance];
  });
  expect(got).toEqual(means.map((mean, i) => [mean, variances[i]]));
});

describe('P2Quantile', () => {
  it.each(JAIN_CHLAMTAC.quantiles)('gives the quantile at $p of the data of its paper', ({ p, quantile }) => {
    expectClose([estimate(p, JAIN_CHLAMTAC.values).quantile], [quantile]);
  });

  it('ends with the five markers of its paper', () => {
    const { heights } = estimate(0.5, JAIN_CHLAMTAC.values).snapshot() as { heights: Float64Array };
    expectClose(heights, JAIN_CHLAMTAC.medianMarkers);
  });

  it.each(RIVER_QUANTILES.quantiles)(
    "gives the quantile at $p that River's documentation prints",
    ({ p, quantile }) => {
      const random = new NumpyRandom(RIVER_QUANTILES.seed);
      const values = Array.from({ length: RIVER_QUANTILES.count }, () => random.nextNormal());
      expectDigits([estimate(p, values).quantile], [quantile], 4);
    },
  );
});
