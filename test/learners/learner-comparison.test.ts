import { describe, expect, it } from 'vitest';
import { assembleFeatures } from '../../src/batch/examples.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { StateError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { DBSTREAM } from '../../src/learners/dbstream.ts';
import { LearnerComparison } from '../../src/learners/learner-comparison.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { TestDriver } from '../../src/testing/index.ts';

const BATCHES_BEFORE_JUMP = 40;

/** One cluster with unit noise, which jumps from 0 to 50 after 40 of 80 batches of 1000 points. */
function jumpingCluster(seed: number): number[][][] {
  const random = seededRandom(seed);
  return Array.from({ length: 2 * BATCHES_BEFORE_JUMP }, (_, batch) =>
    Array.from({ length: 1000 }, () => [(batch < BATCHES_BEFORE_JUMP ? 0 : 50) + nextNormal(random)]),
  );
}

const kMeans = (decayFactor: number) => new StreamingKMeans({ k: 1, decayFactor }).setInitialCenters([[0]], [1]);

function newComparison() {
  return new LearnerComparison({ forgets: kMeans(0), halves: kMeans(0.5), remembers: kMeans(1) });
}

const asExamples = (rows: readonly number[][]) =>
  assembleFeatures(rows, 1, (_, error) => {
    throw error;
  });

describe('LearnerComparison', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])('shows that less memory adapts sooner and oscillates more (seed %i)', (seed) => {
    const comparison = newComparison();
    for (const rows of jumpingCluster(seed)) comparison.update(asExamples(rows));
    const { candidates, changes } = comparison.summary();
    const by = Object.fromEntries(candidates.map((candidate) => [candidate.name, candidate]));
    expect(changes).toEqual([BATCHES_BEFORE_JUMP]);
    // A centre that forgets everything is the first to be right; one that forgets nothing never is, in half the stretch.
    expect(by['forgets']!.adaptationBatches).toBe(0);
    expect(by['halves']!.adaptationBatches).toBeGreaterThan(1);
    expect(by['halves']!.adaptationBatches).toBeLessThan(BATCHES_BEFORE_JUMP / 2);
    expect(by['remembers']!.adaptationBatches).toBe(BATCHES_BEFORE_JUMP / 2);
    expect(by['forgets']!.oscillation).toBeGreaterThan(by['halves']!.oscillation);
    expect(candidates.map(({ meanCost }) => meanCost)).toEqual(
      [...candidates.map((c) => c.meanCost)].sort((a, b) => a - b),
    );
  });

  it('counts the batches after a change that cost over a tenth more than the best, and the movement once settled', () => {
    // Two points around 0 in ten batches, around 10 in twenty. At α = ½ the centre weighs 4, and comes half-way nearer with each batch.
    const atWeight4 = (decayFactor: number) => new StreamingKMeans({ k: 1, decayFactor }).setInitialCenters([[0]], [4]);
    const comparison = new LearnerComparison({
      forgets: atWeight4(0),
      halves: atWeight4(0.5),
      remembers: atWeight4(1),
    });
    for (let batch = 0; batch < 30; batch++)
      comparison.update(asExamples([-1, 1].map((x) => [x + (batch < 10 ? 0 : 10)])));
    const by = Object.fromEntries(comparison.summary([10]).candidates.map((each) => [each.name, each]));
    // Over three batches the best costs 1; at half the way each 1 + 100/4^j: 1.17 from the fifth batch on, 1.04 from the sixth.
    expect(['forgets', 'halves', 'remembers'].map((name) => by[name]!.adaptations)).toEqual([[0], [5], [10]]);
    // Settled are batches 5 to 9, which move nothing, and 20 to 29, which move 5/2^j.
    const moved = Array.from({ length: 10 }, (_, j) => 5 / 2 ** (10 + j)).reduce((sum, each) => sum + each);
    expect(by['halves']!.oscillation).toBeCloseTo(moved / 15, 12);
    expect(by['forgets']!.oscillation).toBe(0);
  });

  it('finds where the relation of label and features changes, while each by itself stays as it was', () => {
    const random = seededRandom(9);
    const line = (stepSize: number) => new SGDRegressor({ numFeatures: 1, stepSize });
    const comparison = new LearnerComparison({ slow: line(0.001), fast: line(0.1) });
    for (let batch = 0; batch < 60; batch++) {
      const xs = Float64Array.from({ length: 100 }, () => nextNormal(random));
      const labels = xs.map((x) => (batch < 30 ? x : -x));
      comparison.update({ features: { rows: 100, columns: [xs] }, labels });
    }
    expect(comparison.summary().changes).toEqual([30]);
  });

  it('counts as movement also what a learner has learned more, or less, of', () => {
    const comparison = new LearnerComparison({ only: new DBSTREAM({ numFeatures: 1, radius: 1 }) });
    for (const row of [[3], [3], [7]]) comparison.update(asExamples([row]));
    expect(Array.from(comparison.series().candidates[0]!.movement)).toEqual([3, 0, 7]);
  });

  it('takes changes that the caller knows in place of those it finds', () => {
    const comparison = newComparison();
    for (const rows of jumpingCluster(7)) comparison.update(asExamples(rows));
    const { candidates, changes } = comparison.summary([40, 60]);
    expect(changes).toEqual([40, 60]);
    for (const { adaptations, adaptationBatches } of candidates) {
      expect(adaptations).toHaveLength(2);
      expect(adaptationBatches).toBe((adaptations[0]! + adaptations[1]!) / 2);
    }
    expect(comparison.summary([]).candidates[0]!.adaptationBatches).toBeNaN();
  });

  it('tells candidates that are surely worse from those that may have had bad luck', () => {
    // What remembers everything never comes back after the jump; a little more or less memory makes no difference that is sure.
    const comparison = new LearnerComparison({ half: kMeans(0.5), about: kMeans(0.49), all: kMeans(1) });
    for (const rows of jumpingCluster(3)) comparison.update(asExamples(rows));
    const by = Object.fromEntries(comparison.summary().candidates.map((each) => [each.name, each.surelyWorse]));
    expect(by).toEqual({ half: false, about: false, all: true });
  });

  it('trains each candidate exactly as if it were alone', () => {
    const alone = kMeans(0.5);
    const together = kMeans(0.5);
    const comparison = new LearnerComparison({ other: kMeans(1), together });
    let loss = 0;
    let rows = 0;
    for (const batch of jumpingCluster(1)) {
      loss += alone.update(asExamples(batch))! * batch.length;
      rows += batch.length;
      comparison.update(asExamples(batch));
    }
    expect(together.snapshot()).toEqual(alone.snapshot());
    const summary = comparison.summary().candidates.find(({ name }) => name === 'together')!;
    expect(summary.meanCost).toBe(loss / rows);
  });

  it('goes on from a snapshot as if it had never stopped', () => {
    const batches = jumpingCluster(2);
    const whole = newComparison();
    const first = newComparison();
    const resumed = newComparison();
    for (const rows of batches) whole.update(asExamples(rows));
    for (const rows of batches.slice(0, 33)) first.update(asExamples(rows));
    resumed.restore(snapshotFromText(snapshotToText(first.snapshot())) as SnapshotRecord);
    for (const rows of batches.slice(33)) resumed.update(asExamples(rows));
    expect(resumed.snapshot()).toEqual(whole.snapshot());
    expect(resumed.summary()).toEqual(whole.summary());
  });

  it('refuses a snapshot of other candidates by name, and stays as it was', () => {
    const comparison = newComparison();
    comparison.update(asExamples([[1], [2]]));
    const before = comparison.snapshot();
    const other = new LearnerComparison({ forgets: kMeans(0), elsewhere: kMeans(1) });
    expect(() => comparison.restore(other.snapshot())).toThrow(/candidate halves/);
    expect(() => comparison.restore(other.snapshot())).toThrow(StateError);
    expect(comparison.snapshot()).toEqual(before);
  });

  it('refuses candidates of different widths', () => {
    const wide = new StreamingKMeans({ k: 1 }).setInitialCenters([[0, 0]], [1]);
    expect(() => new LearnerComparison({ narrow: kMeans(1), wide })).toThrow(UsageError);
  });

  it('follows a stream, and reports the last loss of each candidate', async () => {
    const driver = new TestDriver();
    const comparison = newComparison();
    comparison.trainOn(driver.context.queueStream([[[3]], []]));
    await driver.runBatches(2);
    expect(driver.progress[1]!.metrics).toEqual({
      'LearnerComparison.forgets.loss': 9,
      'LearnerComparison.halves.loss': 9,
      'LearnerComparison.remembers.loss': 9,
    });
    await driver.stop();
  });
});
