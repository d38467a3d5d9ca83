import { toDenseVector, type Vector } from '../../batch/vector.ts';
import { UsageError } from '../../errors.ts';
import type { Bounds } from '../../numeric/minimise-within.ts';
import type { DenseMatrix } from '../saved/dense-matrix.ts';
import type { Stage } from '../stage.ts';
import type { LOGISTIC_REGRESSION_PARAMS } from './logistic-regression-model.ts';

const { NEGATIVE_INFINITY: below, POSITIVE_INFINITY: above } = Number;

type LogisticStage = Stage<typeof LOGISTIC_REGRESSION_PARAMS>;

/**
 * Of k outputs of d coefficients, each followed by its intercept; undefined where a stage has none. Throws `UsageError` (`bad-option`) for bounds of
 * another shape, bounds that no number keeps, bounds with an L1 penalty, or of intercepts that are not fitted.
 */
export function coefficientBounds(stage: LogisticStage, k: number, d: number): Bounds | undefined {
  const [lower, upper] = (['lower', 'upper'] as const).map((side) => {
    const bounds = new Float64Array(k * (d + 1)).fill(side === 'lower' ? below : above);
    const coefficients = stage.find(`${side}BoundsOnCoefficients`);
    if (coefficients !== undefined) putCoefficients(stage.uid, bounds, coefficients, k, d);
    const intercepts = stage.find(`${side}BoundsOnIntercepts`);
    if (intercepts !== undefined) putIntercepts(stage, bounds, intercepts, k, d);
    return bounds;
  }) as [Float64Array, Float64Array];
  const at = lower.findIndex((each, i) => !(each <= upper[i]!) || each === above || upper[i] === below);
  if (at !== -1) {
    throw new UsageError(
      'bad-option',
      `${stage.uid}: expected lower bounds of at most the upper ones, got ${lower[at]} and ${upper[at]}`,
    );
  }
  if (!lower.some(Number.isFinite) && !upper.some(Number.isFinite)) return undefined;
  if (stage.get('elasticNetParam') === 0) return { lower, upper };
  throw new UsageError(
    'bad-option',
    `${stage.uid}: bounds go with elasticNetParam 0, got ${stage.get('elasticNetParam')}`,
  );
}

function putCoefficients(who: string, into: Float64Array, bounds: DenseMatrix, k: number, d: number): void {
  const { numRows, numCols, values } = bounds;
  if (numRows !== k || numCols !== d) {
    throw new UsageError(
      'bad-option',
      `${who}: bounds on coefficients: expected ${k} × ${d}, got ${numRows} × ${numCols}`,
    );
  }
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) into[c * (d + 1) + j] = values[j * k + c]!;
}

function putIntercepts(stage: LogisticStage, into: Float64Array, vector: Vector, k: number, d: number): void {
  const bounds = toDenseVector(vector);
  if (bounds.length !== k || !stage.get('fitIntercept')) {
    const expected = stage.get('fitIntercept') ? `${k}` : 'none, as no intercept is fitted';
    throw new UsageError(
      'bad-option',
      `${stage.uid}: bounds on intercepts: expected ${expected}, got ${bounds.length}`,
    );
  }
  for (let c = 0; c < k; c++) into[c * (d + 1) + d] = bounds[c]!;
}
