import { DataError, UsageError } from '../../errors.ts';
import { type DesignMoments, designMoments, sampleDeviations } from '../../numeric/design-moments.ts';
import { huberFit } from '../../numeric/huber-fit.ts';
import { allFinite } from '../../numeric/linear.ts';
import { squaredLoss } from '../../numeric/margin-losses.ts';
import { crossProducts, quadraticMinimum } from '../../numeric/normal-equations.ts';
import { standardisedFit } from '../../numeric/standardised-fit.ts';
import type { TrainingRows } from '../training-rows.ts';
import type { LinearRegressionLearned } from './linear-regression-model.ts';

export interface LinearFitSettings {
  readonly who: string;
  readonly regParam: number;
  readonly elasticNetParam: number;
  readonly fitIntercept: boolean;
  readonly standardization: boolean;
  readonly maxIter: number;
  readonly tol: number;
}

/** The line with the least squares. Throws `DataError` (`not-finite`), `UsageError` (`bad-option`). */
export function fitLeastSquares(
  rows: TrainingRows,
  settings: LinearFitSettings & { readonly byNormalEquations: boolean },
): LinearRegressionLearned {
  const { labels, weights } = rows;
  const moments = designMoments(rows.matrix, weights);
  const ofLabels = designMoments({ rows: labels.length, columns: [labels] }, weights);
  const mean = ofLabels.means[0]!;
  const { fitIntercept, regParam, who } = settings;
  const solve = settings.byNormalEquations ? normalFit : searchedFit;
  const spread = settings.byNormalEquations
    ? Math.sqrt(ofLabels.squares[0]! / ofLabels.weightSum)
    : sampleDeviations(ofLabels)[0]!;
  if (spread === 0 && (fitIntercept || mean === 0)) {
    return { intercept: fitIntercept ? mean : 0, coefficients: new Float64Array(moments.means.length), scale: 1 };
  }
  if (spread === 0 && regParam > 0) {
    throw new UsageError(
      'bad-option',
      `${who}: expected labels that vary where regParam is ${regParam} and there is no intercept, got ${mean} in every row`,
    );
  }
  return checked(who, solve(rows, settings, moments, spread === 0 ? Math.abs(mean) : spread, mean));
}

/** In units of standard deviations, whose squares are means over n here, as in Spark's normal equations. */
function normalFit(
  { matrix, labels, weights }: TrainingRows,
  { fitIntercept, standardization, regParam, elasticNetParam }: LinearFitSettings,
  { means, squares, weightSum }: DesignMoments,
  labelDeviation: number,
  labelMean: number,
): LinearRegressionLearned {
  const d = means.length;
  const scales = squares.map((each) => (each > 0 ? Math.sqrt(weightSum / each) : 0));
  const centers = fitIntercept ? means : new Float64Array(d);
  const { gram, products } = crossProducts(matrix, labels, weights, centers, fitIntercept ? labelMean : 0);
  // Features that do not vary are left out of the equations: they get 0.
  const varying = Array.from(scales.keys()).filter((j) => scales[j]! > 0);
  const v = varying.length;
  const reduced = {
    gram: new Float64Array(v * v),
    products: Float64Array.from(varying, (j) => (products[j]! * scales[j]!) / (weightSum * labelDeviation)),
    l1: penalties(elasticNetParam, (scale) => (standardization ? 1 : scale)),
    l2: penalties(1 - elasticNetParam, (scale) => (standardization ? 1 : scale * scale)),
  };
  varying.forEach((a, row) => {
    varying.forEach((b, column) => {
      reduced.gram[row * v + column] = (gram[a * d + b]! * scales[a]! * scales[b]!) / weightSum;
    });
  });
  const solution = quadraticMinimum(reduced);
  const coefficients = new Float64Array(d);
  varying.forEach((j, at) => {
    coefficients[j] = solution[at]! * scales[j]! * labelDeviation;
  });
  return { coefficients, intercept: fitIntercept ? interceptOf(coefficients, means, labelMean) : 0, scale: 1 };

  function penalties(share: number, of: (scale: number) => number): Float64Array {
    return Float64Array.from(varying, (j) => (share * regParam * of(scales[j]!)) / labelDeviation);
  }
}

function searchedFit(
  { matrix, labels, weights }: TrainingRows,
  { regParam, elasticNetParam, ...settings }: LinearFitSettings,
  moments: DesignMoments,
  labelDeviation: number,
  labelMean: number,
): LinearRegressionLearned {
  const d = moments.means.length;
  const center = settings.fitIntercept ? labelMean : 0;
  const loss = squaredLoss(
    labels.map((y) => (y - center) / labelDeviation),
    weights,
  );
  const l1 = (regParam * elasticNetParam) / labelDeviation;
  const l2 = (regParam * (1 - elasticNetParam)) / labelDeviation;
  const { weights: fitted } = standardisedFit({ ...settings, design: matrix, moments, loss, outputs: 1, l1, l2 });
  const coefficients = fitted.slice(0, d).map((each) => each * labelDeviation);
  return {
    coefficients,
    intercept: settings.fitIntercept ? interceptOf(coefficients, moments.means, labelMean) : 0,
    scale: 1,
  };
}

/** The line with the least huber loss. Throws `DataError` (`not-finite`), `UsageError` (`bad-option`). */
export function fitHuber(
  { matrix, labels, weights }: TrainingRows,
  { who, elasticNetParam, ...settings }: LinearFitSettings & { readonly epsilon: number },
): LinearRegressionLearned {
  if (elasticNetParam !== 0) {
    throw new UsageError('bad-option', `${who}: loss huber: expected elasticNetParam 0, got ${elasticNetParam}`);
  }
  const moments = designMoments(matrix, weights);
  return checked(who, huberFit({ ...settings, design: matrix, moments, labels, weights, l2: settings.regParam }));
}

function interceptOf(coefficients: Float64Array, means: Float64Array, labelMean: number): number {
  let intercept = labelMean;
  for (let j = 0; j < means.length; j++) intercept -= coefficients[j]! * means[j]!;
  return intercept;
}

function checked(who: string, learned: LinearRegressionLearned): LinearRegressionLearned {
  if (allFinite(learned.coefficients) && Number.isFinite(learned.intercept)) return learned;
  throw new DataError(
    'not-finite',
    `${who}: fitting left the finite numbers; bring features and labels to a smaller scale`,
  );
}
