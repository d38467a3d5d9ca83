import { Batch } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { DStream } from '../dstream/dstream.ts';
import { DataError, excerpt, UsageError } from '../errors.ts';
import { Moments } from '../numeric/moments.ts';
import { SampleSummaries, type Summary } from './sample-summaries.ts';
import { type TTestMethod, tTest } from './t-test.ts';

/** One measured value of one arm. */
export interface BinarySample {
  /** True for the arm that something new is tried on, false for the control. */
  readonly isExperiment: boolean;
  readonly value: number;
}

export function BinarySample(isExperiment: boolean, value: number): BinarySample {
  return { isExperiment, value };
}

interface Tested {
  readonly status: 'tested';
  readonly pValue: number;
  readonly degreesOfFreedom: number;
  /** Positive where the experiment has the greater mean. */
  readonly statistic: number;
  readonly method: string;
  readonly nullHypothesis: string;
}

/** There is nothing to test yet, and so no p-value. */
interface Insufficient {
  readonly status: 'insufficient data';
  /** What there is too little of. */
  readonly reason: string;
  readonly method: string;
  readonly nullHypothesis: string;
}

export type StreamingTestResult = Tested | Insufficient;

const METHOD_NAMES: Readonly<Record<TTestMethod, string>> = {
  welch: "Welch's 2-sample t-test",
  student: "Student's 2-sample t-test",
};

const NULL_HYPOTHESIS = 'Both groups have same mean';

/**
 * Spark's `StreamingTest`: a t-test of two arms after every batch. Use `SequentialTest` unless you look once only.
 *
 * A t-test is made for one look. Looked at after each of 200 batches, and believed as soon as it says p < 0.05, it finds an
 * effect in 43 of 100 experiments where there is none; after each of 20 batches, in 25 (`test/experiments/peeking.test.ts`).
 *
 * Unlike Spark's it uses sample variances and their degrees of freedom, t has the sign of experiment − control, the peace
 * period counts batches from the first on whatever the clock says, and with one arm, or too few samples, the result is
 * `insufficient data`: never p = 1, and no error.
 */
export class StreamingTest {
  #peacePeriod = 0;
  #windowSize = 0;
  #method: TTestMethod = 'welch';
  #id: string | undefined;

  /** Batches at the beginning whose samples are dropped, so that novelty wears off. Default 0. */
  setPeacePeriod(peacePeriod: number): this {
    this.#peacePeriod = wholeNumber('peacePeriod', peacePeriod);
    return this;
  }

  /** Batches that a test looks back on; 0, the default, for all. */
  setWindowSize(windowSize: number): this {
    this.#windowSize = wholeNumber('windowSize', windowSize);
    return this;
  }

  /** `welch`, the default, or `student`, which takes both arms to have the same variance. */
  setTestMethod(method: TTestMethod): this {
    if (!Object.hasOwn(METHOD_NAMES, method)) {
      throw new UsageError('bad-option', 'Unrecognized method name. Supported streaming test methods: welch, student');
    }
    this.#method = method;
    return this;
  }

  /** Names the samples in the checkpoint. Default `StreamingTest`. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  /** One result a batch; none as long as no sample has come after the peace period. The samples are committed with the batch. */
  registerStream(data: DStream<BinarySample>): DStream<StreamingTestResult> {
    const summaries = new SampleSummaries(this.#windowSize * data.slideDuration);
    const peaceMs = this.#peacePeriod * data.slideDuration;
    const method = this.#method;
    const results: DStream<StreamingTestResult> = data.deriveBatches(
      'StreamingTest',
      (batch, context) => {
        const atPeace = context.time - context.zeroTime <= peaceMs;
        summaries.add(context.time, atPeace ? nothing() : summaryOf(batch, context, results.node.name));
        const total = summaries.total();
        if (total.control.weight + total.experiment.weight === 0) return Batch.empty();
        return Batch.of([resultOf(total, method)]);
      },
      { state: summaries },
    );
    return this.#id === undefined ? results : results.id(this.#id);
  }
}

function summaryOf(batch: Batch<BinarySample>, context: BatchContext, operator: string): Summary {
  const summary = nothing();
  for (const [partition, samples] of batch.partitions.entries()) {
    for (const [at, sample] of samples.entries()) {
      if (Number.isFinite(sample?.value)) {
        (sample.isExperiment ? summary.experiment : summary.control).add([sample.value]);
      } else {
        const error = new DataError('not-finite', `sample: expected a finite value, got ${excerpt(sample)}`);
        context.reject(error, { operator, position: `${at} of partition ${partition}`, record: sample });
      }
    }
  }
  return summary;
}

function nothing(): Summary {
  return { control: new Moments(), experiment: new Moments() };
}

function resultOf({ control, experiment }: Summary, method: TTestMethod): StreamingTestResult {
  const names = { method: METHOD_NAMES[method], nullHypothesis: NULL_HYPOTHESIS };
  const reason = insufficiency(control, experiment);
  if (reason !== undefined) return { status: 'insufficient data', reason, ...names };
  const { pValue, degreesOfFreedom, statistic } = tTest(control, experiment, method);
  return { status: 'tested', pValue, degreesOfFreedom, statistic, ...names };
}

/** Why two arms can't be tested, or undefined. */
function insufficiency(control: Moments, experiment: Moments): string | undefined {
  const arms = { control, experiment };
  for (const [name, { weight }] of Object.entries(arms)) {
    if (weight < 2) return `the ${name} has ${weight} samples; a test needs 2`;
  }
  if (control.variance() + experiment.variance() === 0) return 'all values of an arm are the same, in both arms';
  return undefined;
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError('bad-option', `StreamingTest: expected ${name} to be a whole number of batches, got ${value}`);
}
