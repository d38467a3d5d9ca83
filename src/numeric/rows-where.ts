import type { LabeledRows } from './linear.ts';

/** The rows for which `keep` says yes; it is asked about each once, in their order. */
export function rowsWhere({ columns, labels, weights }: LabeledRows, keep: (row: number) => boolean): LabeledRows {
  const kept = new Int32Array(labels.length);
  let count = 0;
  for (let i = 0; i < labels.length; i++) if (keep(i)) kept[count++] = i;
  const pick = (column: Float64Array) => {
    const picked = new Float64Array(count);
    for (let i = 0; i < count; i++) picked[i] = column[kept[i]!]!;
    return picked;
  };
  return { columns: columns.map(pick), labels: pick(labels), weights: weights && pick(weights) };
}

/** The rows whose weight is above 0: others would shift what is summed with what. */
export function rowsThatWeigh(rows: LabeledRows): LabeledRows {
  const { weights } = rows;
  return weights?.includes(0) ? rowsWhere(rows, (row) => weights[row]! > 0) : rows;
}
