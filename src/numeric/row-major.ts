/**
 * Some rows of a matrix, one after another, which is how libraries for neural networks take them; as a rule in single precision.
 *
 * `columns`: d Float64Array[n]. `places`: which rows, in which order. Returns places.length · d numbers, feature j of row i at i · d + j.
 * Cost: O(rows · d).
 */
export function rowMajor<A extends Float32Array | Float64Array | Int32Array = Float32Array>(
  columns: readonly Float64Array[],
  places: ArrayLike<number>,
  type: new (length: number) => A = Float32Array as unknown as new (
    length: number,
  ) => A,
): A {
  const [n, d] = [places.length, columns.length];
  const rows = new type(n * d);
  for (let j = 0; j < d; j++) {
    const column = columns[j]!;
    for (let i = 0, at = j; i < n; i++, at += d) rows[at] = column[places[i]!]!;
  }
  return rows;
}

/** The columns of a matrix whose rows stand one after another: d Float64Array[n]. Cost: O(n · d). */
export function columnsOfRows(rows: ArrayLike<number>, n: number, d: number): Float64Array[] {
  return Array.from({ length: d }, (_, j) => {
    const column = new Float64Array(n);
    for (let i = 0, at = j; i < n; i++, at += d) column[i] = rows[at]!;
    return column;
  });
}
