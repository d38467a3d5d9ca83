import {
  type DStream,
  LearnerComparison,
  type Pair,
  RunningMean,
  type StreamingContext,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
} from '../../index.ts';
import { asFeatures, asLabeledPoint, asPoint, type Flight, isHeldBack, parseFlight } from './flight.ts';

/** The retention coefficients that are compared. */
const DECAY_FACTORS = [0, 0.5, 0.9, 1];

/** The one whose clusters score the held-back flights. */
const SCORING_DECAY_FACTOR = 0.9;

/** Rows of every batch, some ten minutes of flights: always the same, so that a run that was killed meets the same batches. */
const ROWS_PER_BATCH = 100;

/** Where the two clusters begin: flights that are early and flights that are late. */
const FIRST_CENTERS = [[-0.5], [1]];

/** What the main job trains and follows. */
export interface FlightJob {
  readonly comparison: LearnerComparison<ReturnType<typeof asPoint>>;
  readonly kMeans: ReadonlyMap<number, StreamingKMeans>;
  readonly linear: StreamingLinearRegressionWithSGD;
  /** Of the held-back flights. */
  readonly clusterCost: RunningMean;
  readonly squaredError: RunningMean;
  readonly delays: RunningMean;
  readonly squaredDelays: RunningMean;
}

/**
 * The main job: flights come as lines over a socket; a fifth is held back and scored with the models as they are before each
 * batch, the rest trains k-means with four decay factors side by side, and a line that predicts the delay.
 */
export function buildFlightJob(context: StreamingContext, host: string, port: number, scoresPrefix: string): FlightJob {
  const lines = context.socketTextStream(host, port, {
    onEnd: 'end',
    resume: true,
    minRecordsPerBatch: ROWS_PER_BATCH,
    maxRecordsPerBatch: ROWS_PER_BATCH,
  });
  const flights = lines.map(parseFlight);
  const training = flights.filter((flight) => !isHeldBack(flight));
  const heldBack = flights.filter(isHeldBack);

  const kMeans = new Map(DECAY_FACTORS.map((decayFactor) => [decayFactor, newKMeans(decayFactor)]));
  const comparison = new LearnerComparison(
    Object.fromEntries(Array.from(kMeans, ([decayFactor, learner]) => [candidateName(decayFactor), learner])),
  );
  const linear = new StreamingLinearRegressionWithSGD({ fitIntercept: true, numIterations: 20 }).setInitialWeights([
    0, 0, 0,
  ]);

  // Scored first, so that each prediction comes from the model as it was before the batch.
  const clusters = kMeans.get(SCORING_DECAY_FACTOR)!;
  const clustered = clusters.predictOnValues(heldBack.map((flight) => [flight, asPoint(flight)]));
  const predicted = linear.predictOnValues(clustered.map((pair) => [pair, asFeatures(pair[0])]));
  predicted
    .map(([[flight, cluster], delay]) => `${flight.line},${cluster},${delay.toFixed(1)}`)
    .saveAsTextFiles(scoresPrefix, 'csv');

  const clusterCost = follow('k-means held back', squaredDistances(clustered, clusters));
  const squaredError = follow(
    'delay² error',
    predicted.map(([[flight], delay]) => (flight.delay - delay) ** 2),
  );
  const delays = follow(
    'delay',
    heldBack.map(({ delay }) => delay),
  );
  const squaredDelays = follow(
    'delay²',
    heldBack.map(({ delay }) => delay ** 2),
  );

  comparison.trainOn(training.map(asPoint));
  linear.trainOn(training.map(asLabeledPoint));
  return { comparison, kMeans, linear, clusterCost, squaredError, delays, squaredDelays };
}

/** What a decay factor is called in tables and plots. */
export function candidateName(decayFactor: number): string {
  return `α = ${decayFactor}`;
}

function newKMeans(decayFactor: number): StreamingKMeans {
  const k = FIRST_CENTERS.length;
  return new StreamingKMeans({ k, decayFactor }).setInitialCenters(FIRST_CENTERS, new Array<number>(k).fill(1));
}

/** Keeps the mean of a stream of numbers. */
function follow(id: string, stream: DStream<number>): RunningMean {
  const mean = new RunningMean();
  stream.updateFromBatches('mean', mean, (batch) => mean.update(batch.collect()), id);
  return mean;
}

/** How far each flight is from the centre of its cluster, squared. */
function squaredDistances(clustered: DStream<Pair<Flight, number>>, learner: StreamingKMeans): DStream<number> {
  return clustered.transform((rdd) => {
    const model = learner.latestModel();
    return rdd.map(([flight]) => model.computeCost([asPoint(flight)]));
  });
}
