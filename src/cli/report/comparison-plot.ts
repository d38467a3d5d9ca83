import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { quantile } from 'simple-statistics';
import type { ComparisonSeries } from '../../index.ts';

/** Colours that stay apart for the colour-blind (Okabe and Ito, 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Points of which the thick lines are the median. */
const SMOOTHED_POINTS = 9;

/** Between the frame and the legend, and what a letter of it takes, pixels. */
const LEGEND_GAP = 10;
const LETTER_WIDTH = 7.5;

export interface PlotOptions {
  readonly series: ComparisonSeries;
  /** Batches at which the stream changed, drawn as vertical rules. */
  readonly changes: readonly number[];
  /** Which figure to draw. */
  readonly figure: 'cost' | 'movement';
  readonly label: string;
}

/** One figure of all candidates over time, as the text of an SVG file. */
export function comparisonPlot({ series, changes, figure, label }: PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const points = series.candidates.flatMap(({ name, [figure]: values }) =>
    Array.from(values, (value, point) => ({ name, batch: series.batch[point]!, value })),
  );
  const figureElement = Plot.plot({
    document,
    width: 860,
    height: 320,
    marginLeft: 56,
    marginRight: LEGEND_GAP + LETTER_WIDTH * (2 + Math.max(...series.candidates.map(({ name }) => name.length))),
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '12px', background: 'white' },
    x: { label: 'batch' },
    y: { label, grid: true, type: 'sqrt', domain: [lowest(points), highest(points)] },
    color: { domain: series.candidates.map(({ name }) => name), range: COLOURS },
    marks: [
      Plot.ruleX(changes, { stroke: '#999', strokeDasharray: '3,3' }),
      Plot.lineY(points, { x: 'batch', y: 'value', stroke: 'name', strokeWidth: 0.6, strokeOpacity: 0.35, clip: true }),
      Plot.lineY(
        points,
        Plot.windowY(
          { k: SMOOTHED_POINTS, reduce: 'median' },
          { x: 'batch', y: 'value', stroke: 'name', strokeWidth: 2, clip: true },
        ),
      ),
      ...series.candidates.map(({ name }, index) => legendEntry(name, index)),
    ],
  });
  figureElement.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return figureElement.outerHTML;
}

interface Point {
  readonly value: number;
}

function lowest(points: readonly Point[]): number {
  return 0.9 * Math.min(...points.map(({ value }) => value));
}

/** High enough for nearly all points; single spikes are cut so that the rest can be told apart. */
function highest(points: readonly Point[]): number {
  const values = points.map(({ value }) => value);
  return values.length === 0 ? 1 : 1.1 * quantile(values, 0.98);
}

/** The name of a candidate in its colour, beside the frame: inside the picture, so that it stays with the file. */
function legendEntry(name: string, index: number) {
  return Plot.text([`● ${name}`], {
    frameAnchor: 'top-right',
    textAnchor: 'start',
    fill: COLOURS[index % COLOURS.length]!,
    fontWeight: 600,
    dx: LEGEND_GAP,
    dy: 4 + 18 * index,
  });
}
