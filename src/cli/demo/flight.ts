import { crc32 } from 'node:zlib';
import type { LabeledPoint, Vector } from '../../index.ts';

/** One line of `datasets/flights`. */
export interface Flight {
  readonly line: string;
  /** Hour of scheduled departure with its minutes as a fraction, local time, [0, 24). */
  readonly hour: number;
  /** Minutes late at arrival; negative for early. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
}

/** A line `date,delay,distance,origin,destination`. Throws, naming what it expected, for any other. */
export function parseFlight(line: string): Flight {
  const [date = '', delay = '', distance = ''] = line.split(',');
  const [, hours, minutes] = /T(\d\d):(\d\d)$/.exec(date) ?? [];
  if (hours === undefined) throw new Error(`date: expected 2001-01-31T23:59, got '${date}'`);
  return {
    line,
    hour: Number(hours) + Number(minutes) / 60,
    delay: numberIn(delay, 'delay'),
    distance: numberIn(distance, 'distance'),
  };
}

/** A fifth of the flights, chosen by their text, so that the same ones are held back in every run. */
export function isHeldBack({ line }: Flight): boolean {
  return crc32(line) % 5 === 0;
}

/** What k-means sees: the delay on a scale of logarithms, so that the very late do not outweigh all others. */
export function asPoint({ delay }: Flight): Vector {
  return [Math.sign(delay) * Math.log1p(Math.abs(delay) / 10)];
}

/** What the regression sees: the hour on its circle, thousands of miles. */
export function asFeatures({ hour, distance }: Flight): Vector {
  const angle = (2 * Math.PI * hour) / 24;
  return [Math.sin(angle), Math.cos(angle), distance / 1000];
}

/** … and what it should predict: minutes of delay. */
export function asLabeledPoint(flight: Flight): LabeledPoint {
  return { label: flight.delay, features: asFeatures(flight) };
}

function numberIn(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${name}: expected a number, got '${text}'`);
  return value;
}
