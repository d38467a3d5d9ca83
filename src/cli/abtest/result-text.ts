import type { ComparedEffect, Comparison, SequentialResult } from '../../index.ts';
import type { ComparisonTable } from '../report/comparison-table.ts';

/** One look in one line. */
export function lineOf({ looks, status, arms, comparisons, sampleRatio, reason }: SequentialResult): string {
  const units = arms.reduce((sum, arm) => sum + arm.units, 0);
  const effects = comparisons.map((each) => {
    return `${each.arm} ${effectText(each.absolute)} p ${pText(each.adjustedPValue)}`;
  });
  const ratio = sampleRatio.mismatch ? 'ratio MISMATCH' : `ratio p ${pText(sampleRatio.pValue)}`;
  const state = status === 'insufficient data' ? `${status}: ${reason}` : status;
  return [`look ${looks}`, `${units} units`, ...(looks > 0 ? effects : []), ratio, state].join(' · ');
}

/** The comparisons as rows, the same for the terminal and the report. */
export function resultTable({ comparisons }: SequentialResult): ComparisonTable {
  return {
    header: ['arm', 'effect', 'interval', 'relative', 'relative interval', 'p', 'verdict'],
    rows: comparisons.map((each) => [
      each.arm,
      numberText(each.absolute.estimate),
      intervalText(each.absolute),
      percentText(each.relative.estimate),
      `[${each.relative.interval.map(percentText).join(', ')}]`,
      pText(each.adjustedPValue),
      verdictText(each),
    ]),
  };
}

/** What the columns mean, and how the experiment stands. */
export function notesOf({
  status,
  reason,
  arms,
  sampleRatio,
  crossedUnits,
  looks,
}: SequentialResult): readonly string[] {
  const sizes = arms.map(({ name, units }) => `${name} ${units}`).join(', ');
  const notes = [
    `status: ${status} (${reason})`,
    `units: ${sizes}; sample-ratio check: p ${pText(sampleRatio.pValue)}; looks that counted: ${looks}`,
    'effect: arm − control. Intervals and p-values hold at every look, whenever one stops; p after Holm.',
  ];
  if (crossedUnits > 0) notes.push(`${crossedUnits} units were seen in more than one arm, and count in none`);
  return notes;
}

function verdictText({ verdict, decidedAt, drifting }: Comparison): string {
  const since = decidedAt === undefined ? verdict : `${verdict} at look ${decidedAt}`;
  return drifting ? `${since}; drifting` : since;
}

function effectText(effect: ComparedEffect): string {
  return `${numberText(effect.estimate)} ${intervalText(effect)}`;
}

function intervalText({ interval }: ComparedEffect): string {
  return `[${interval.map(numberText).join(', ')}]`;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? '∞' : '−∞';
}

function percentText(share: number): string {
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : share > 0 ? '∞' : '−∞';
}

function pText(p: number): string {
  return p < 1e-4 ? p.toExponential(1) : String(Number(p.toPrecision(3)));
}
