import { expect, it } from 'vitest';
import type { Examples, Features } from '../../src/batch/examples.ts';
import type { SnapshotRecord } from '../../src/batch/snapshot.ts';
import { LabeledPoint, type Vector } from '../../src/batch/vector.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import {
  type StreamingLinearRegressionModel,
  StreamingLinearRegressionWithSGD,
} from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { type LearnerSubject, learnerSuite } from '../../src/testing/learner-suite.ts';

/** Learners that each break one law. */
class PredictionTeaches extends StreamingKMeans {
  override predict(features: Features): Float64Array {
    this.update({ features });
    return super.predict(features);
  }
}

class SortsItsInput extends StreamingKMeans {
  override update(examples: Examples): number | undefined {
    const loss = super.update(examples);
    examples.features.columns[0]!.sort();
    return loss;
  }
}

class KeepsItsInput extends StreamingKMeans {
  #last: Examples | undefined;
  override update(examples: Examples): number | undefined {
    if (this.#last !== undefined) super.update(this.#last);
    this.#last = examples;
    return super.update(examples);
  }
}

class LendsItsState extends StreamingKMeans {
  readonly #lent = { centers: new Float64Array(2) };
  override update(examples: Examples): number | undefined {
    const loss = super.update(examples);
    this.#lent.centers.set(this.learnedValues());
    return loss;
  }
  override snapshot(): SnapshotRecord {
    return Object.assign(this.#lent, { weights: super.snapshot()['weights']! });
  }
}

class RestoresHalf extends StreamingKMeans {
  override restore(snapshot: SnapshotRecord): void {
    super.restore({ ...snapshot, weights: super.snapshot()['weights']! });
  }
}

class RestoresAnything extends StreamingKMeans {
  override restore(snapshot: SnapshotRecord): void {
    try {
      super.restore(snapshot);
    } catch {}
  }
}

class GoesOnInItsModel extends StreamingLinearRegressionWithSGD {
  override latestModel(): StreamingLinearRegressionModel {
    const predict = (point: Vector) => super.latestModel().predict(point);
    return { ...super.latestModel(), predict };
  }
}

class SavesAMap extends StreamingKMeans {
  override params(): SnapshotRecord {
    return { ...super.params(), saved: new Map() as unknown as string };
  }
}

class NeedsRows extends StreamingKMeans {
  override update(examples: Examples): number | undefined {
    if (examples.features.rows === 0) throw new Error('no rows');
    return super.update(examples);
  }
}

class TellsNaN extends StreamingKMeans {
  override metrics(): Record<string, number> {
    return { loss: Number.NaN };
  }
}

class ForgetsWhenItRefuses extends StreamingKMeans {
  override update(examples: Examples): number | undefined {
    try {
      return super.update(examples);
    } catch (error) {
      this.setInitialCenters([[0], [0]], [0, 0]);
      throw error;
    }
  }
}

class TakesAnyWidth extends StreamingKMeans {
  override predict({ rows, columns }: Features): Float64Array {
    return columns.length === this.width ? super.predict({ rows, columns }) : new Float64Array(rows);
  }
}

class GuessesLabels extends StreamingLinearRegressionWithSGD {
  override update(examples: Examples): number | undefined {
    return super.update({ ...examples, labels: new Float64Array(examples.features.rows) });
  }
}

class NeverCounts extends StreamingKMeans {
  override get version(): number {
    return 0;
  }
}

class IgnoresWeights extends StreamingKMeans {
  override update({ weights: _, ...examples }: Examples): number | undefined {
    return super.update(examples);
  }
}

class CountsRowsAsOne extends StreamingKMeans {
  override update({ weights, ...examples }: Examples): number | undefined {
    const ones = weights?.map((weight) => Math.min(1, weight));
    return super.update(ones === undefined ? examples : { ...examples, weights: ones });
  }
}

class NeverDecays extends StreamingKMeans {
  override decay(): void {}
}

class MergesNothing extends StreamingKMeans {
  merge(): void {}
}

class TakesAnyLabel extends StreamingLinearRegressionWithSGD {
  override readonly numClasses = 2;
  override update(examples: Examples): number | undefined {
    return super.update({ ...examples, labels: new Float64Array(examples.features.rows) });
  }
}

class IsSureOfAll extends StreamingLinearRegressionWithSGD {
  override readonly numClasses = 2;
  predictProbabilities({ rows }: Features): Float64Array[] {
    return [new Float64Array(rows).fill(1), new Float64Array(rows).fill(1)];
  }
}

class NeedsNoStart extends StreamingKMeans {
  override learnedValues(): Float64Array {
    return new Float64Array();
  }
}

const batches = [
  [12, 0, 1],
  [11, 3],
  [8, 0, 7],
].map((values) => values.map((x) => LabeledPoint(1 + x / 10, [x])));

function subjectOf(type: typeof StreamingKMeans, more: Partial<LearnerSubject> = {}): LearnerSubject {
  return {
    batches,
    make: () => new type().setInitialCenters([[0], [10]], [1, 1]),
    makeUninitialised: () => new type(),
    makeOther: () =>
      new StreamingKMeans().setInitialCenters(
        [
          [0, 0],
          [1, 1],
        ],
        [1, 1],
      ),
    ...more,
  };
}

const labelGuesser = {
  make: () => new GuessesLabels({ stepSize: 0.001 }).setInitialWeights([1]),
  makeOther: () => new GuessesLabels().setInitialWeights([1, 1]),
};

const goingOn = { ...labelGuesser, make: () => new GoesOnInItsModel({ stepSize: 0.001 }).setInitialWeights([1]) };

const classified = (type: typeof TakesAnyLabel | typeof IsSureOfAll) => ({
  make: () => new type({ stepSize: 0.001 }).setInitialWeights([1]),
  batches: batches.map((batch) => batch.map(({ features }, i) => LabeledPoint(i % 2, features))),
});

let made = 0;
const neverTheSame = { make: () => new StreamingKMeans().setInitialCenters([[0], [10 + made++]], [1, 1]) };

const broken: [law: string, subject: LearnerSubject][] = [
  ['learns the same from the same batches', subjectOf(StreamingKMeans, neverTheSame)],
  ['predicts one number a row, and changes nothing by it', subjectOf(PredictionTeaches)],
  ['neither changes nor keeps what it is given', subjectOf(SortsItsInput)],
  ['neither changes nor keeps what it is given', subjectOf(KeepsItsInput)],
  ['gives away nothing that it still needs', subjectOf(LendsItsState)],
  ['goes on from its snapshot, bit for bit', subjectOf(RestoresHalf)],
  ['makes snapshots that later batches do not touch, and keeps none that it is given', subjectOf(LendsItsState)],
  ['gives its model of the moment, which stays as it is when the learner goes on', subjectOf(StreamingKMeans, goingOn)],
  ['has state and parameters that are the same after a journey as text', subjectOf(SavesAMap)],
  ['counts the batches that it has learned, and no others', subjectOf(NeverCounts)],
  [
    'learns the same from rows of weight 1 as from rows without, and nothing from those of weight 0',
    subjectOf(IgnoresWeights),
  ],
  ['learns otherwise from rows of weight 3 than from rows of weight 1', subjectOf(CountsRowsAsOne)],
  ['tells the mean loss by weight', subjectOf(CountsRowsAsOne)],
  ['counts what it learned as much less as it is told, and refuses what is no share', subjectOf(NeverDecays)],
  ['refuses numbers that are none, in any column, and is then as before', subjectOf(IgnoresWeights)],
  ['merged from two halves is as if it had learned the whole', subjectOf(MergesNothing)],
  ['refuses weights that are not one a row, and is then as before', subjectOf(IgnoresWeights)],
  [
    'refuses a label that is none of its classes, and is then as before',
    subjectOf(StreamingKMeans, classified(TakesAnyLabel)),
  ],
  [
    'gives probabilities that add up to 1, and predicts the likeliest class',
    subjectOf(StreamingKMeans, classified(IsSureOfAll)),
  ],
  ['takes an empty batch', subjectOf(NeedsRows)],
  ['gives a finite loss for every batch that has rows, and finite metrics', subjectOf(TellsNaN)],
  [
    'refuses a batch that would take it out of the finite numbers, and is then as before',
    subjectOf(ForgetsWhenItRefuses),
  ],
  ['refuses features of another width, and is then as before', subjectOf(TakesAnyWidth)],
  ['refuses examples without a label for each row, and is then as before', subjectOf(StreamingKMeans, labelGuesser)],
  ['refuses a snapshot of another shape, and is then as before', subjectOf(RestoresAnything)],
  ['learns the same from sparse rows as from dense ones', subjectOf(StreamingKMeans, neverTheSame)],
  ['refuses to work before it has something to start from', subjectOf(NeedsNoStart)],
  [
    'saved, loaded in a new process and taught on, is as if it had never stopped',
    subjectOf(StreamingKMeans, { goOnInNewProcess: async (learner) => learner.snapshot() }),
  ],
];

it.each(broken)('the learner suite notices a learner that breaks the law: it %s', async (law, subject) => {
  const check = [...learnerSuite(subject)].find(({ name }) => name === law);
  expect((await check!.run()).kind).toBe('failed');
});

it('the learner suite has no law that no learner here breaks', () => {
  const laws = [...learnerSuite(subjectOf(StreamingKMeans))].map(({ name }) => name);
  expect(new Set(broken.map(([law]) => law))).toEqual(new Set(laws));
});
