import type { Calibration, ComparedEffect, Comparison, SequentialResult } from '../../index.ts';
import type { ComparisonTable } from '../report/comparison-table.ts';
import type { ExperimentOptions } from './experiment-options.ts';

/** One look in one line. */
export function lineOf({ looks, status, arms, comparisons, sampleRatio, reason }: SequentialResult): string {
  const units = arms.reduce((sum, arm) => sum + arm.units, 0);
  const effects = comparisons.map((each) => {
    return `${subjectOf(each, comparisons)} ${effectText(each.absolute)} p ${pText(each.adjustedPValue)}`;
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
      subjectOf(each, comparisons),
      numberText(each.absolute.estimate),
      intervalText(each.absolute),
      percentText(each.relative.estimate),
      `[${each.relative.interval.map(percentText).join(', ')}]`,
      pText(each.adjustedPValue),
      verdictText(each),
    ]),
  };
}

/** What a Bayesian without an opinion beforehand makes of the last look. */
export function bayesianTable({ comparisons }: SequentialResult): ComparisonTable {
  return {
    header: ['Bayesian reading', 'chance to win', 'expected loss'],
    rows: comparisons.map((each) => [
      subjectOf(each, comparisons),
      chanceText(each.bayesian.chanceToWin),
      numberText(each.bayesian.expectedLoss),
    ]),
  };
}

/** How the experiment stands, and what the columns mean. */
export function notesOf(
  { status, reason, arms, comparisons, sampleRatio, crossedUnits, looks }: SequentialResult,
  { correction, alpha, maximum }: Pick<ExperimentOptions, 'correction' | 'alpha' | 'maximum'>,
): readonly string[] {
  const sizes = arms.map(({ name, units }) => `${name} ${units}`).join(', ');
  const correctionNote =
    correction === 'holm'
      ? `p after Holm: at most ${percentText(alpha)} of experiments have any false verdict`
      : `p after e-BH: of the effects that are found, at most ${percentText(alpha)} are false on average`;
  const notes = [
    `status: ${status} (${reason})`,
    `units: ${sizes}; sample-ratio check: p ${pText(sampleRatio.pValue)}; looks that counted: ${looks}`,
    `effect: arm − ${arms[0]!.name}. Intervals and p-values hold at every look, whenever one stops; ${correctionNote}.`,
    'The Bayesian reading is of the last look, without an opinion beforehand. It is no guard against peeking: stop by p.',
  ];
  if (maximum !== undefined) notes.push('p of a group-sequential test says only whether its bound was passed');
  if (crossedUnits > 0) notes.push(`${crossedUnits} units were seen in more than one arm, and count in none`);
  const drifting = comparisons.filter((each) => each.drifting).map((each) => subjectOf(each, comparisons));
  if (drifting.length > 0)
    notes.push(`the effect changes with time: ${drifting.join(', ')}; intervals are the last look's`);
  return notes;
}

/** What an A/A test of so many experiments says. */
export function calibrationText(
  { falsePositiveRate, standardError, missedRate }: Calibration,
  { experiments, looks, alpha }: { readonly experiments: number; readonly looks: number; readonly alpha: number },
): readonly string[] {
  const isHigh = falsePositiveRate > alpha + 2 * standardError;
  const advice = isHigh
    ? `above alpha, ${percentText(alpha)}: ask for more units an arm (--minimum), a cap (--cap), or name the unit (--unit)`
    : `as it should be: at most alpha, ${percentText(alpha)}, but for the error of ${experiments} experiments`;
  return [
    `${experiments} experiments of ${looks} looks, in which nothing happens: arms dealt at random`,
    `false verdicts        ${percentText(falsePositiveRate)} ± ${percentText(standardError)}`,
    `intervals without 0   ${percentText(missedRate)}`,
    advice,
  ];
}

/** `new`, or `spent of new` where there are several metrics. */
function subjectOf({ metric, arm }: Comparison, all: readonly Comparison[]): string {
  return all.every((each) => each.metric === metric) ? arm : `${metric} of ${arm}`;
}

function verdictText({ verdict, decidedAt }: Comparison): string {
  return decidedAt === undefined ? verdict : `${verdict} at look ${decidedAt}`;
}

function effectText(effect: ComparedEffect): string {
  return `${numberText(effect.estimate)} ${intervalText(effect)}`;
}

function intervalText({ interval }: ComparedEffect): string {
  return `[${interval.map(numberText).join(', ')}]`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(4)));
}

function percentText(share: number): string {
  if (Number.isNaN(share)) return '–';
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : share > 0 ? '∞' : '−∞';
}

/** Of what is as good as certain, digits say nothing. */
function chanceText(chance: number): string {
  if (chance < 0.001) return '< 0.1 %';
  return chance > 0.999 ? '> 99.9 %' : percentText(chance);
}

function pText(p: number): string {
  if (p === 0) return '< 1e-300';
  return p < 1e-4 ? p.toExponential(1) : String(Number(p.toPrecision(3)));
}
