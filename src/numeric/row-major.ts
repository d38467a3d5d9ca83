/**
 * Some rows of a matrix, one after another, as numbers of single precision: what libraries for neural networks take.
 *
 * `columns`: d Float64Array[n]. `places`: which rows, in which order. Returns Float32Array[places.length · d], feature j of row i at i · d + j.
 * Cost: O(rows · d).
 */
export function rowMajor(columns: readonly Float64Array[], places: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const [n, d] = [places.length, columns.length];
  const rows = new Float32Array(n * d);
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
