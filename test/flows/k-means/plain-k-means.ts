export type Point = readonly [x: number, y: number];

export interface Clusters {
  readonly centers: readonly Point[];
  readonly weights: readonly number[];
}

/** One batch of streaming k-means in plain words: which cluster each point belonged to, and the clusters after it. */
export function learnPlainly(points: readonly Point[], { centers, weights }: Clusters, decayFactor: number) {
  const labels = points.map((point) => nearest(point, centers));
  const counts = weights.map((_, j) => labels.filter((label) => label === j).length);
  const sum = (j: number, axis: 0 | 1) => {
    return points.filter((_, i) => labels[i] === j).reduce((total, point) => total + point[axis], 0);
  };
  const moved = centers.map(([x, y], j): Point => {
    const decayed = decayFactor * weights[j]!;
    const weight = decayed + counts[j]!;
    return counts[j] === 0 ? [x, y] : [(decayed * x + sum(j, 0)) / weight, (decayed * y + sum(j, 1)) / weight];
  });
  const clusters: Clusters = { centers: moved, weights: weights.map((weight, j) => decayFactor * weight + counts[j]!) };
  return { labels, clusters };
}

function nearest([x, y]: Point, centers: readonly Point[]): number {
  const distances = centers.map(([cx, cy]) => (x - cx) ** 2 + (y - cy) ** 2);
  return distances.indexOf(Math.min(...distances));
}
