import { describe, expect, it } from 'vitest';
import * as millrace from '../../../src/index.ts';
import { fading, type Metric, windowed } from '../../../src/index.ts';
import { metricSuite } from '../../../src/testing/index.ts';
import { registerChecks } from '../../contracts/register-checks.ts';
import { exportedWith } from '../exported-with.ts';

const whole: readonly Metric[] = [
  new millrace.Accuracy(),
  new millrace.F1({ average: 'macro' }),
  new millrace.Kappa(),
  new millrace.KappaM(),
  new millrace.KappaT(),
  new millrace.LogLoss(),
  new millrace.MeanAbsoluteError(),
  new millrace.Precision({ average: 'macro' }),
  new millrace.R2(),
  new millrace.Recall({ positive: 0 }),
  new millrace.RocAuc(),
  new millrace.RootMeanSquaredError(),
  new millrace.Silhouette(),
  new millrace.WithinClusterCost(),
];
const all = [
  ...whole,
  ...whole.map((metric) => windowed(metric, 7)),
  ...whole.map((metric) => fading(metric, 0.8)),
  windowed(fading(new millrace.R2(), 0.8), 7),
  fading(windowed(new millrace.R2(), 7), 0.8),
];

it('tests every exported metric', () => {
  expect(whole.map((metric) => metric.constructor.name).sort()).toEqual(exportedWith('fresh', 'decay'));
});

for (const metric of all) describe(metric.name, () => registerChecks(metricSuite({ make: () => metric.fresh() })));
