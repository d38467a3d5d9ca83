export interface PlainModel {
  readonly centers: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

/** One micro-batch of Spark's streaming k-means, written down from its definition. */
export function plainKMeansStep(model: PlainModel, points: readonly (readonly number[])[], decay: number): PlainModel {
  const nearest = points.map((point) => {
    const distances = model.centers.map((center) => squaredDistance(center, point));
    return distances.indexOf(Math.min(...distances));
  });
  const next = model.centers.map((center, j) => {
    const mine = points.filter((_, i) => nearest[i] === j);
    const before = model.weights[j]! * decay;
    const weight = before + mine.length;
    const moved = center.map((c, f) => (c * before + mine.reduce((sum, point) => sum + point[f]!, 0)) / weight);
    return { weight, center: mine.length === 0 ? center : moved };
  });
  return { centers: next.map(({ center }) => center), weights: next.map(({ weight }) => weight) };
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, f) => sum + (value - b[f]!) ** 2, 0);
}
