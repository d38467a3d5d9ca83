/** Of the rows whose score is at least a threshold: the weight of those of class 1, and of the others. */
export interface CurvePoint {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The points of falling thresholds, one for each score that occurs; about `numBins` of them where there are more, unless that is 0.
 * A label above 0.5 is class 1. Cost: O(n · log n). Source: Apache Spark, BinaryClassificationMetrics.
 */
export function binaryCurve(
  scores: Float64Array,
  labels: Float64Array,
  weights: Float64Array | undefined,
  numBins: number,
): CurvePoint[] {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const points: CurvePoint[] = [];
  let [positives, negatives] = [0, 0];
  for (let at = 0; at < order.length; at++) {
    const i = order[at]!;
    const weight = weights?.[i] ?? 1;
    if (labels[i]! > 0.5) positives += weight;
    else negatives += weight;
    if (at + 1 === order.length || scores[order[at + 1]!] !== scores[i]) points.push({ positives, negatives });
  }
  const grouping = numBins === 0 ? 1 : Math.floor(points.length / numBins);
  if (grouping < 2) return points;
  return points.filter((_, at) => (at + 1) % grouping === 0 || at + 1 === points.length);
}

/** By the trapezoidal rule. */
export function areaUnder(points: readonly (readonly [x: number, y: number])[]): number {
  let area = 0;
  for (let at = 1; at < points.length; at++) {
    const [[x0, y0], [x1, y1]] = [points[at - 1]!, points[at]!];
    area += ((x1 - x0) * (y0 + y1)) / 2;
  }
  return area;
}
