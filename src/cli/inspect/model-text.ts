import {
  type AnyOnlineLearner,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from '../../index.ts';
import { numberText, table } from './plain-text.ts';

/** Coordinates that are shown of a centre, and weights of a line. */
const MOST_SHOWN = 8;

/** A saved model as a person wants to read it. */
export function modelText(file: string, learner: AnyOnlineLearner): string {
  const params = Object.entries(learner.params()).map(([name, value]) => [name, String(value)]);
  return [
    `model ${file}`,
    '',
    ...table([['kind', learner.kind], ['features', String(learner.width)], ...params]),
    '',
    ...learned(learner),
  ].join('\n');
}

function learned(learner: AnyOnlineLearner): string[] {
  if (learner instanceof StreamingKMeans) return clusters(learner);
  if (learner instanceof StreamingLinearRegressionWithSGD) return line(learner.latestModel());
  if (learner instanceof StreamingLogisticRegressionWithSGD) return line(learner.latestModel());
  return table([['learned', shown((learner as AnyOnlineLearner).learnedValues())]]);
}

function clusters(learner: StreamingKMeans): string[] {
  const { clusterCenters, clusterWeights } = learner.latestModel();
  const rows = clusterCenters.map((center, j) => [String(j), numberText(clusterWeights[j]!), shown(center)]);
  return table([['cluster', 'weight', 'centre'], ...rows]);
}

function line({ weights, intercept }: { readonly weights: Float64Array; readonly intercept: number }): string[] {
  return table([
    ['weights', shown(weights)],
    ['intercept', numberText(intercept)],
  ]);
}

function shown(values: Float64Array): string {
  const texts = Array.from(values.slice(0, MOST_SHOWN), numberText);
  if (values.length > MOST_SHOWN) texts.push(`… (${values.length})`);
  return texts.join('  ');
}
