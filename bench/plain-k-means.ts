/** Streaming k-means as one would write it for this benchmark alone: columns, plain loops, no checks, nothing of Millrace. */
export function plainKMeans(
  batches: readonly (readonly (readonly number[])[])[],
  initialCenters: readonly (readonly number[])[],
  decayFactor: number,
): Float64Array {
  const k = initialCenters.length;
  const d = initialCenters[0]!.length;
  const centers = Float64Array.from(initialCenters.flat());
  const weights = new Float64Array(k).fill(1);
  for (const rows of batches) updatePlainly(toColumns(rows, d), rows.length, centers, weights, k, decayFactor);
  return centers;
}

export function toColumns(rows: readonly (readonly number[])[], d: number): Float64Array[] {
  const columns = Array.from({ length: d }, () => new Float64Array(rows.length));
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let f = 0; f < d; f++) columns[f]![i] = row[f]!;
  }
  return columns;
}

/** Learns a batch, and gives Σ of the squared distances to the nearest centres. */
export function updatePlainly(
  columns: readonly Float64Array[],
  n: number,
  centers: Float64Array,
  weights: Float64Array,
  k: number,
  decayFactor: number,
): number {
  const d = columns.length;
  const sums = new Float64Array(k * d);
  const counts = new Float64Array(k);
  let cost = 0;
  for (let i = 0; i < n; i++) {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      let distance = 0;
      for (let f = 0; f < d; f++) {
        const t = columns[f]![i]! - centers[j * d + f]!;
        distance += t * t;
      }
      if (distance < least) {
        least = distance;
        nearest = j;
      }
    }
    cost += least;
    counts[nearest]! += 1;
    for (let f = 0; f < d; f++) sums[nearest * d + f]! += columns[f]![i]!;
  }
  for (let j = 0; j < k; j++) {
    weights[j] = weights[j]! * decayFactor + counts[j]!;
    if (counts[j] === 0) continue;
    const share = counts[j]! / weights[j]!;
    for (let f = 0; f < d; f++) {
      centers[j * d + f] = (1 - share) * centers[j * d + f]! + (share / counts[j]!) * sums[j * d + f]!;
    }
  }
  return cost;
}

export function nearestPlainly(columns: readonly Float64Array[], centers: Float64Array, k: number): Float64Array {
  const d = columns.length;
  const out = new Float64Array(columns[0]!.length);
  for (let i = 0; i < out.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      let distance = 0;
      for (let f = 0; f < d; f++) {
        const t = columns[f]![i]! - centers[j * d + f]!;
        distance += t * t;
      }
      if (distance < least) {
        least = distance;
        out[i] = j;
      }
    }
  }
  return out;
}
