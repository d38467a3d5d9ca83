import { expect, it } from 'vitest';
import { intervalPlot } from '../../src/cli/abtest/interval-plot.ts';
import { bayesianTable, resultTable } from '../../src/cli/abtest/result-text.ts';
import { SequentialTest } from '../../src/index.ts';

const NAMES = ['old', 'new', 'newer', 'same'];

/** Three arms against a control after one look: two are far better, the third is the same. */
function decided(): SequentialTest {
  const arms = Object.fromEntries(NAMES.map((name) => [name, 0.25]));
  const experiment = new SequentialTest({ arms });
  experiment.update(
    Array.from({ length: 4000 }, (_, unit) => {
      const arm = unit % 4;
      return { arm: NAMES[arm]!, unit, value: (Math.floor(unit / 4) % 10) + (arm % 3) * 1000 };
    }),
  );
  return experiment;
}

it('a plot tells the verdicts of one look one below the other', () => {
  const svg = intervalPlot(decided().looks(), 'value');
  const groups = [...svg.matchAll(/<g [^>]*transform="([^"]+)"[^>]*>\s*<text[^>]*>rejected<\/text>/g)];
  const places = groups.map(([, place]) => place);
  expect(places).toHaveLength(2);
  expect(new Set(places).size).toBe(2);
});

it('a table tells of what is as good as certain, or impossible, that it is', () => {
  const result = decided().result();
  const rows = bayesianTable(result).rows.map(([arm, chance]) => [arm, chance]);
  expect(rows).toEqual([
    ['new', '> 99.9 %'],
    ['newer', '> 99.9 %'],
    ['same', '50 %'],
  ]);
  const worse = { ...result.comparisons[0]!.bayesian, chanceToWin: 1e-9 };
  const lost = { ...result, comparisons: [{ ...result.comparisons[0]!, bayesian: worse }] };
  expect(bayesianTable(lost).rows[0]![1]).toBe('< 0.1 %');
  expect(result.comparisons[0]!.adjustedPValue).toBe(0);
  expect(resultTable(result).rows[0]).toContain('< 1e-300');
});
