import { median } from 'simple-statistics';

export interface ChangePointOptions {
  /** Fewest points between two changes. Default 8. */
  readonly minLength?: number;
}

/** How much stronger than Schwarz's criterion asks a change must be: neighbouring batches of real streams are alike. */
const STRICTNESS = 3;

/** The median of |x| of a standard normal x: turns a median of absolute values into a standard deviation. */
const NORMAL_MEDIAN_ABSOLUTE = 0.6744897501960817;

/**
 * Finds where the level of several series changes at once: binary segmentation with a penalty. For a stored series; to be
 * told of a change while the stream runs, use a drift detector.
 *
 * A split of [a, b) at t gains Σ_j (n₁·n₂/(n₁+n₂)) · (mean₁_j − mean₂_j)² / σ_j², with σ_j from the median of the first
 * differences of series j. The best split is taken while its gain is above 3 · (d + 1) · ln T, and both sides are searched on.
 *
 * `series`: d columns of T points each; a column that is constant is left out. Returns the first points of the new levels,
 * ascending. Cost: O(T · d) a split. Source: Scott & Knott, A Cluster Analysis Method for Grouping Means, 1974.
 */
export function changePoints(series: readonly Float64Array[], options: ChangePointOptions = {}): readonly number[] {
  const { minLength = 8 } = options;
  const columns = series.map(standardised).filter((column) => column !== undefined);
  const T = series[0]?.length ?? 0;
  const penalty = STRICTNESS * (columns.length + 1) * Math.log(T);
  const changes: number[] = [];
  const search = (start: number, end: number) => {
    if (end - start < 2 * minLength) return;
    const { at, gain } = bestSplit(columns, start, end, minLength);
    if (!(gain > penalty)) return;
    search(start, at);
    changes.push(at);
    search(at, end);
  };
  search(0, T);
  return changes;
}

function bestSplit(columns: readonly Float64Array[], start: number, end: number, minLength: number) {
  const gains = new Float64Array(end - start);
  for (const column of columns) {
    let total = 0;
    for (let t = start; t < end; t++) total += column[t]!;
    let left = 0;
    for (let t = start + 1; t < end; t++) {
      left += column[t - 1]!;
      const n1 = t - start;
      const n2 = end - t;
      const apart = left / n1 - (total - left) / n2;
      gains[n1]! += ((n1 * n2) / (n1 + n2)) * apart * apart;
    }
  }
  let at = start;
  let gain = 0;
  for (let t = start + minLength; t <= end - minLength; t++) {
    if (gains[t - start]! > gain) {
      at = t;
      gain = gains[t - start]!;
    }
  }
  return { at, gain };
}

/** The column over the standard deviation of its noise; undefined where it has none. */
function standardised(column: Float64Array): Float64Array | undefined {
  if (column.length < 2) return undefined;
  const steps = Array.from(column.subarray(1), (value, t) => Math.abs(value - column[t]!));
  const sigma = median(steps) / (NORMAL_MEDIAN_ABSOLUTE * Math.SQRT2);
  return sigma > 0 ? column.map((value) => value / sigma) : undefined;
}
