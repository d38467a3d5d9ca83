import type { Pair } from '../../../src/batch/batch.ts';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { KeyedModels } from '../../../src/learners/keyed-models.ts';
import { SGDRegressor } from '../../../src/learners/sgd-regressor.ts';
import { describeFlow } from '../describe-flow.ts';

interface Sale {
  readonly shop: string;
  readonly visitors: number;
  readonly sold: number;
}

/** Fewer than there are shops, so that some are dropped and begin anew. */
const MAX_MODELS = 3;
const STEP_SIZE = 0.05;

function sales(count: number): Sale[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => {
    const shop = Math.floor(5 * random.next());
    const visitors = 2 * random.next();
    return { shop: `shop-${shop}`, visitors, sold: (shop + 1) * visitors };
  });
}

/** Foretells what each shop sells to so many visitors, and then learns what it sold. */
function foretell(sold: DStream<Sale>, output: string): void {
  const models = new KeyedModels<string, LabeledPoint>(
    () => new SGDRegressor({ numFeatures: 1, stepSize: STEP_SIZE, fitIntercept: false }),
    { maxModels: MAX_MODELS },
  );
  models
    .predictOnValues(sold.map(({ shop, visitors }): Pair<string, number[]> => [shop, [visitors]]))
    .map(([shop, prediction]) => `${shop} ${prediction}`)
    .saveAsTextFiles(output);
  models.trainOn(sold.map((sale): Pair<string, LabeledPoint> => [sale.shop, LabeledPoint(sale.sold, [sale.visitors])]));
}

describeFlow<Sale>('models by key', {
  records: sales(40),
  program: foretell,
  expected(batches) {
    // By shop, the longest untouched first.
    const weights = new Map<string, number>();
    return batches.map((batch) => {
      const lines = batch.map(({ shop, visitors }) => `${shop} ${(weights.get(shop) ?? 0) * visitors}`);
      for (const shop of new Set(batch.map((sale) => sale.shop))) {
        let weight = weights.get(shop) ?? 0;
        for (const sale of batch.filter((each) => each.shop === shop)) {
          weight -= STEP_SIZE * (2 * (weight * sale.visitors - sale.sold) * sale.visitors);
        }
        weights.delete(shop);
        weights.set(shop, weight);
      }
      for (const shop of [...weights.keys()].slice(0, Math.max(0, weights.size - MAX_MODELS))) weights.delete(shop);
      return lines;
    });
  },
  sameForEveryCut: { notApplicableBecause: 'models are dropped at the end of a batch' },
});
