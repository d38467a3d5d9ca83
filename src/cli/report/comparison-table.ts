import type { CandidateSummary, ComparisonSummary } from '../../index.ts';

/** The comparison as rows of text, the same for the terminal and the report. */
export interface ComparisonTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function comparisonTable({ candidates }: ComparisonSummary): ComparisonTable {
  return {
    header: ['candidate', 'mean cost', 'adapts in', 'oscillation'],
    rows: candidates.map(rowOf),
  };
}

/** The table in columns of even width, numbers to the right. */
export function tableText({ header, rows }: ComparisonTable): string {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const lines = [header, ...rows].map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** What the columns mean, for under the table. */
export const TABLE_NOTES = [
  'mean cost: mean loss a row of each batch, taken before the batch was learned (prequential).',
  'adapts in: mean number of batches, in the first half of the stretch after a change, that cost over 10 % more than the best; in brackets after each.',
  'oscillation: mean distance that the learned values move a batch in settled stretches, in units of the features.',
];

function rowOf({ name, meanCost, oscillation, ...summary }: CandidateSummary): string[] {
  return [
    name,
    meanCost.toPrecision(4),
    adaptation(summary),
    Number.isNaN(oscillation) ? '–' : oscillation.toPrecision(3),
  ];
}

function adaptation({
  adaptationBatches,
  adaptations,
}: Pick<CandidateSummary, 'adaptationBatches' | 'adaptations'>): string {
  if (adaptations.length === 0) return '–';
  const mean = `${adaptationBatches.toFixed(1)} batches`;
  return adaptations.length === 1 ? mean : `${mean} (${adaptations.join(', ')})`;
}
