import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Look } from '../../index.ts';

/** Colours that stay apart for the colour-blind (Okabe and Ito, 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Widest interval that is drawn, as a multiple of the last: those of the first looks would dwarf all others. */
const WIDEST = 4;

/** Between the frame and the legend, and what a letter of it takes, pixels. */
const LEGEND_GAP = 10;
const LETTER_WIDTH = 8.5;
const LINE_HEIGHT = 18;

interface Decision {
  readonly look: number;
  readonly arm: string;
  readonly text: string;
}

interface Point {
  readonly look: number;
  readonly arm: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** The effect and the interval of one metric after every look that counted, and when it was certain, as the text of an SVG file. */
export function intervalPlot(looks: readonly Look[], metric: string): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const points = looks
    .filter((look, i) => look.looks > (looks[i - 1]?.looks ?? 0))
    .flatMap((look) => pointsOf(look, metric));
  const arms = [...new Set(points.map(({ arm }) => arm))];
  const [lowest, highest] = domainOf(points, points.slice(points.length - arms.length));
  const inside = (value: number) => Math.min(Math.max(value, lowest), highest);
  const shown = points.map((each) => ({ ...each, lower: inside(each.lower), upper: inside(each.upper) }));
  const decisions = decisionsOf(looks, metric);
  const control = looks[0]?.arms[0]?.name ?? 'control';
  const figure = Plot.plot({
    document,
    width: 860,
    height: 320,
    marginLeft: 64,
    marginBottom: 42,
    marginRight: LEGEND_GAP + LETTER_WIDTH * (2 + Math.max(0, ...arms.map((arm) => arm.length))),
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '12px', background: 'white' },
    x: { label: 'look', labelAnchor: 'center', ...wholeLooks(points) },
    y: { label: `${metric}: arm − ${control}`, grid: true, domain: [lowest, highest] },
    color: { domain: arms, range: COLOURS },
    marks: [
      Plot.areaY(shown, { x: 'look', y1: 'lower', y2: 'upper', fill: 'arm', fillOpacity: 0.18 }),
      Plot.lineY(shown, { x: 'look', y: 'lower', stroke: 'arm', strokeWidth: 0.8 }),
      Plot.lineY(shown, { x: 'look', y: 'upper', stroke: 'arm', strokeWidth: 0.8 }),
      Plot.ruleY([0], { stroke: '#333' }),
      Plot.ruleX(decisions, { x: 'look', stroke: 'arm', strokeDasharray: '4,3' }),
      ...decisions.map((each, i) => decisionText(each, decisions.slice(0, i))),
      Plot.lineY(points, { x: 'look', y: 'estimate', stroke: 'arm', strokeWidth: 2, clip: true }),
      ...arms.map((arm, i) => legendEntry(arm, i)),
    ],
  });
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return figure.outerHTML;
}

/** At the top of its line, below the texts of those before it that have the same one. */
function decisionText(decision: Decision, before: readonly Decision[]) {
  const same = before.filter(({ look }) => look === decision.look).length;
  return Plot.text([decision], {
    x: 'look',
    text: 'text',
    fill: 'arm',
    frameAnchor: 'top',
    textAnchor: 'start',
    dx: 4,
    dy: 2 + LINE_HEIGHT * same,
  });
}

/** Beside the frame, inside the picture, so that it stays with the file. */
function legendEntry(arm: string, i: number) {
  return Plot.text([`● ${arm}`], {
    frameAnchor: 'top-right',
    textAnchor: 'start',
    fill: COLOURS[i % COLOURS.length]!,
    fontWeight: 600,
    dx: LEGEND_GAP,
    dy: 4 + LINE_HEIGHT * i,
  });
}

function pointsOf({ looks, comparisons }: Look, metric: string): Point[] {
  return comparisons
    .filter((each) => each.metric === metric)
    .map(({ arm, absolute: { estimate, interval } }) => {
      const [lower, upper] = interval;
      return { look: looks, arm, estimate, lower, upper };
    });
}

/** What is drawn: 0 and all intervals, as far as they are not many times as wide as the last. */
function domainOf(points: readonly Point[], last: readonly Point[]): readonly [lowest: number, highest: number] {
  const finite = last.filter(({ lower, upper }) => Number.isFinite(upper - lower));
  if (finite.length === 0) return [-1, 1];
  const reach = (Math.max(...finite.map(({ lower, upper }) => upper - lower)) * WIDEST) / 2 || 1;
  const estimates = finite.map(({ estimate }) => estimate);
  const lowest = Math.max(Math.min(...estimates) - reach, Math.min(...points.map(({ lower }) => lower)));
  const highest = Math.min(Math.max(...estimates) + reach, Math.max(...points.map(({ upper }) => upper)));
  return [Math.min(0, lowest), Math.max(0, highest)];
}

/** The first verdict on each arm, in words at the look that gave it. */
function decisionsOf(looks: readonly Look[], metric: string): readonly Decision[] {
  const decided =
    looks.at(-1)?.comparisons.filter((each) => each.metric === metric && each.decidedAt !== undefined) ?? [];
  return decided.map(({ arm, verdict, decidedAt }) => ({ look: decidedAt!, arm, text: verdict }));
}

/** Looks are whole numbers, and so are their marks on the axis. */
function wholeLooks(points: readonly Point[]): {
  readonly interval?: number;
  readonly domain?: readonly [number, number];
} {
  const last = points.at(-1)?.look ?? 1;
  return last <= 10 ? { interval: 1, domain: [1, Math.max(last, 2)] } : {};
}
