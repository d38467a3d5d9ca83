import {
  LinearRegression,
  Pipeline,
  PolynomialExpansion,
  RegressionEvaluator,
  StandardScaler,
  VectorAssembler,
} from 'millrace/pipelines';

/** Minutes of delay by the miles of the flight. The label is named on the command line: `--label delay`. */
export const pipeline = new Pipeline({
  stages: [
    new VectorAssembler({ inputCols: ['distance'], outputCol: 'miles' }),
    new PolynomialExpansion({ inputCol: 'miles', outputCol: 'powers', degree: 3 }),
    new StandardScaler({ inputCol: 'powers', outputCol: 'features', withMean: true }),
    new LinearRegression(),
  ],
});

export const evaluators = [new RegressionEvaluator({ metricName: 'mae' }), new RegressionEvaluator()];
