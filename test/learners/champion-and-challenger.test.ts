import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import type { DenseVector, LabeledPoint } from '../../src/batch/vector.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import {
  ChampionAndChallenger,
  type ChampionAndChallengerOptions,
} from '../../src/learners/champion-and-challenger.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import type { LossDifference } from '../../src/monitors/loss-differences.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const kMeans = (decayFactor: number) => new StreamingKMeans({ k: 1, decayFactor }).setInitialCenters([[0]], [1]);

/** One cluster, which drifts away: who forgets nothing falls behind. */
function drifting(batches: number, speed: number): DenseVector[][] {
  const random = seededRandom(5);
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: 20 }, () => [speed * batch + nextNormal(random)]),
  );
}

async function run(
  batches: readonly DenseVector[][],
  options: Partial<ChampionAndChallengerOptions<DenseVector>> = {},
) {
  const [champion, challenger] = [kMeans(1), kMeans(0.2)];
  const both = new ChampionAndChallenger<DenseVector>({ champion, challenger, ...options });
  const driver = new TestDriver();
  both.trainOn(driver.context.queueStream(batches));
  await driver.runBatches(batches.length);
  await driver.stop();
  return { both, champion, challenger, driver };
}

describe('ChampionAndChallenger', () => {
  it('puts the model that suits the stream in the place of the one that does not, once it is certain', async () => {
    const { both, champion, challenger, driver } = await run(drifting(60, 0.2));
    expect(both.promotions).toBe(1);
    expect(both.champion).toBe(challenger);
    expect(both.challenger).toBe(champion);
    expect(both.learnedValues()).toEqual(challenger.learnedValues());
    const promotions = driver.progress.map(({ metrics }) => metrics['ChampionAndChallenger.promotions']);
    expect(promotions.indexOf(1)).toBeGreaterThanOrEqual(19);
    // The comparison began anew, and is now about the old champion.
    expect(both.difference().batches).toBe(60 - 1 - promotions.indexOf(1));
    expect(both.difference().difference).toBeGreaterThan(0);
  });

  it('keeps the champion where it is the better one', async () => {
    const { both, champion } = await run(drifting(60, 0));
    expect(both.promotions).toBe(0);
    expect(both.champion).toBe(champion);
  });

  it('asks promoteWhen after each batch', async () => {
    const asked: LossDifference[] = [];
    const promoteWhen = (difference: LossDifference) => asked.push(difference) === 3;
    const { both } = await run(drifting(5, 0), { promoteWhen });
    expect(asked.map(({ batches }) => batches)).toEqual([1, 2, 3, 1, 2]);
    expect(both.promotions).toBe(1);
  });

  it('over many promotions calls at most α of all streams wrong, where both are equally good', () => {
    const [streams, batches, term, alpha] = [120, 1500, 150, 0.2];
    const random = seededRandom(31);
    // Each to one side of the middle, and too heavy to move.
    const at = (center: number) => new StreamingKMeans({ k: 1, decayFactor: 1 }).setInitialCenters([[center]], [1e12]);
    let wrong = 0;
    for (let stream = 0; stream < streams; stream++) {
      let isWrong = false;
      const both = new ChampionAndChallenger<DenseVector>({
        champion: at(-0.5),
        challenger: at(0.5),
        alpha,
        promoteWhen: ({ verdict, batches: compared }) => {
          isWrong ||= verdict === 'better';
          return compared >= term;
        },
      });
      for (let batch = 0; batch < batches && !isWrong; batch++) {
        const rows = [[nextNormal(random)], [nextNormal(random)], [nextNormal(random)]];
        both.update({ features: toFeatures(rows, 1) });
      }
      if (isWrong) wrong++;
      else expect(both.promotions).toBe(batches / term);
    }
    expect(wrong).toBeLessThanOrEqual(streams * alpha + 3 * Math.sqrt(streams * alpha * (1 - alpha)));
  });

  it('leaves both as they were where the challenger refuses a batch', () => {
    const line = (stepSize: number) =>
      new StreamingLinearRegressionWithSGD({ stepSize, convergenceTol: 0 }).setInitialWeights([0]);
    const both = new ChampionAndChallenger<LabeledPoint>({ champion: line(0.01), challenger: line(1e9) });
    const before = both.snapshot();
    const labels = Float64Array.of(1, 2);
    expect(() => both.update({ features: toFeatures([[1], [3]], 1), labels })).toThrow(DataError);
    expect(both.snapshot()).toEqual(before);
  });

  it('gives the probabilities of the champion, where both can', () => {
    const classifier = (stepSize: number) => new SGDClassifier({ numFeatures: 1, stepSize });
    const [champion, challenger] = [classifier(0.1), classifier(1)];
    const both = new ChampionAndChallenger<LabeledPoint>({ champion, challenger, promoteWhen: () => true });
    const features = toFeatures([[1], [-1]], 1);
    both.update({ features, labels: Float64Array.of(1, 0) });
    expect(both.predictProbabilities!(features)).toEqual(challenger.predictProbabilities!(features));
    const hinge = new SGDClassifier({ numFeatures: 1, loss: 'hinge' });
    expect(new ChampionAndChallenger({ champion, challenger: hinge }).predictProbabilities).toBeUndefined();
  });

  it('refuses learners that learn from different records', () => {
    const wide = new StreamingKMeans({ k: 1 }).setInitialCenters([[0, 0]], [1]);
    expect(() => new ChampionAndChallenger({ champion: kMeans(1), challenger: wide })).toThrow(UsageError);
  });
});

it('saves the champion alone, which loads as what it is', async () => {
  const { both, challenger } = await run(drifting(60, 0.2));
  const file = path.join(await temporaryDirectory(onTestFinished), 'champion.json');
  await both.save(file);
  const loaded = await loadLearner(file);
  expect(loaded.kind).toBe('StreamingKMeans');
  expect(loaded.snapshot()).toEqual(challenger.snapshot());
});
