import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Look, SequentialResult } from '../../index.ts';
import { escaped, htmlPage, htmlTable } from '../report/html-page.ts';
import { notesOf, resultTable } from './result-text.ts';

/** Colours that stay apart for the colour-blind (Okabe and Ito, 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Widest interval that is drawn, as a multiple of the last: those of the first looks would dwarf all others. */
const WIDEST = 8;

interface Point {
  readonly look: number;
  readonly arm: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Writes `intervals.svg` and the self-contained `report.html` into a directory; returns their paths. */
export async function writeReport(
  directory: string,
  title: string,
  result: SequentialResult,
  looks: readonly Look[],
): Promise<{ readonly plot: string; readonly page: string }> {
  const picture = intervalPlot(looks);
  const plot = path.join(directory, 'intervals.svg');
  const page = path.join(directory, 'report.html');
  await fs.mkdir(directory, { recursive: true });
  await fs.writeFile(plot, picture);
  await fs.writeFile(page, pageOf(title, result, picture));
  return { plot, page };
}

/** Effect and interval after every look that counted, as the text of an SVG file. */
function intervalPlot(looks: readonly Look[]): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const points = looks.filter((look, i) => look.looks > (looks[i - 1]?.looks ?? 0)).flatMap(pointsOf);
  const arms = [...new Set(points.map(({ arm }) => arm))];
  const last = points.slice(points.length - arms.length);
  const reach = Math.max(...last.map(({ lower, upper }) => upper - lower), 0) * WIDEST;
  const middle = last.reduce((sum, { estimate }) => sum + estimate, 0) / Math.max(last.length, 1);
  const shown = points.map((point) => ({
    ...point,
    lower: Math.max(point.lower, middle - reach / 2),
    upper: Math.min(point.upper, middle + reach / 2),
  }));
  const figure = Plot.plot({
    document,
    width: 860,
    height: 320,
    marginLeft: 64,
    marginRight: 120,
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '12px', background: 'white' },
    x: { label: 'look' },
    y: { label: 'arm − control', grid: true },
    color: { domain: arms, range: COLOURS },
    marks: [
      Plot.areaY(shown, { x: 'look', y1: 'lower', y2: 'upper', fill: 'arm', fillOpacity: 0.18 }),
      Plot.lineY(shown, { x: 'look', y: 'lower', stroke: 'arm', strokeWidth: 0.8 }),
      Plot.lineY(shown, { x: 'look', y: 'upper', stroke: 'arm', strokeWidth: 0.8 }),
      Plot.ruleY([0], { stroke: '#333' }),
      Plot.lineY(shown.filter(isInside), { x: 'look', y: 'estimate', stroke: 'arm', strokeWidth: 2 }),
      ...arms.map((arm, i) =>
        Plot.text([`● ${arm}`], {
          frameAnchor: 'top-right',
          textAnchor: 'start',
          fill: COLOURS[i % COLOURS.length]!,
          fontWeight: 600,
          dx: 10,
          dy: 4 + 18 * i,
        }),
      ),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return figure.outerHTML;
}

function pointsOf({ looks, comparisons }: Look): Point[] {
  return comparisons.map(
    ({
      arm,
      absolute: {
        estimate,
        interval: [lower, upper],
      },
    }) => {
      // biome-ignore format: one line
      return { look: looks, arm, estimate, lower, upper };
    },
  );
}

function isInside({ estimate, lower, upper }: Point): boolean {
  return estimate >= lower && estimate <= upper;
}

function pageOf(title: string, result: SequentialResult, picture: string): string {
  const [status, ...notes] = notesOf(result);
  const body = `<p>${escaped(status!)}</p>
<h2>Where it stands</h2>
${htmlTable(resultTable(result))}
${notes.map((note) => `<small>${escaped(note)}</small><br>`).join('\n')}
<h2>How it came there</h2>
${picture}
<p class="note">Thick lines: the effect. Bands: its always-valid interval; the widest are cut.</p>`;
  return htmlPage(title, body);
}
