import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Accuracy,
  clusterOutcomes,
  F1,
  fading,
  Kappa,
  KappaM,
  KappaT,
  LogLoss,
  MeanAbsoluteError,
  type Metric,
  type Outcomes,
  Precision,
  R2,
  Recall,
  RocAuc,
  RootMeanSquaredError,
  Silhouette,
  WithinClusterCost,
  windowed,
} from '../../src/index.ts';

type Columns = Readonly<Record<'labels' | 'predictions' | 'weights', readonly number[]>> & {
  readonly probabilities?: readonly (readonly number[])[];
};
type Task = 'classification' | 'binary' | 'regression';

/** Data, and what another program makes of them; the file says which. */
const reference = JSON.parse(readFileSync(new URL('metrics.json', import.meta.url), 'utf8')) as Record<
  Task,
  Columns
> & {
  readonly clustering: { readonly features: readonly number[][]; readonly centers: readonly number[][] };
  readonly expected: Readonly<Record<string, Readonly<Record<Task | 'clustering', Readonly<Record<string, number>>>>>>;
};

const averages = [{}, { average: 'macro' }, { average: 'micro' }, { positive: 2 }] as const;
const metrics: Readonly<Record<Task, readonly Metric[]>> = {
  classification: [
    ...[new Accuracy(), new Kappa(), new KappaM(), new KappaT(), new LogLoss()],
    ...averages.flatMap((options) => [new Precision(options), new Recall(options), new F1(options)]),
  ],
  binary: [new LogLoss(), new RocAuc()],
  regression: [new MeanAbsoluteError(), new RootMeanSquaredError(), new R2()],
};

/** The outcomes in batches of 1, 2, 3 … rows. */
function batchesOf({ labels, predictions, probabilities, weights }: Columns, weighted: boolean): Outcomes[] {
  const batches: Outcomes[] = [];
  for (let start = 0, size = 1; start < labels.length; start += size, size++) {
    const part = (column: readonly number[]) => Float64Array.from(column.slice(start, start + size));
    batches.push({
      rows: part(labels).length,
      labels: part(labels),
      ...(predictions && { predictions: part(predictions) }),
      ...(probabilities && { probabilities: probabilities.map(part) }),
      ...(weighted && { weights: part(weights) }),
    });
  }
  return batches;
}

const memories: Readonly<Record<string, (metric: Metric) => Metric>> = {
  plain: (metric) => metric.fresh(),
  weighted: (metric) => metric.fresh(),
  last20: (metric) => windowed(metric, 20),
  fading: (metric) => fading(metric, 0.9),
};

describe.each(Object.entries(memories))("scikit-learn's figures, %s", (memory, remember) => {
  for (const task of ['classification', 'binary', 'regression'] as const) {
    const expected = reference.expected[memory]![task];
    it.each(metrics[task].map((metric) => [metric.name, metric] as const))(`${task}: %s`, (name, metric) => {
      const tried = remember(metric);
      for (const batch of batchesOf(reference[task], memory === 'weighted')) tried.update(batch);
      expect(tried.value).toBeCloseTo(expected[name]!, 10);
    });
  }

  it('are all compared', () => {
    for (const task of ['classification', 'binary', 'regression'] as const) {
      const names = metrics[task].map(({ name }) => name).sort();
      expect(names).toEqual(Object.keys(reference.expected[memory]![task]).sort());
    }
  });
});

it.each([new Silhouette(), new WithinClusterCost()])("scikit-learn's distances give $name", (metric) => {
  const { features, centers } = reference.clustering;
  const columns = features.map((column) => Float64Array.from(column));
  metric.update(clusterOutcomes({ rows: columns[0]!.length, columns }, centers));
  expect(metric.value).toBeCloseTo(reference.expected['plain']!.clustering[metric.name]!, 10);
});
