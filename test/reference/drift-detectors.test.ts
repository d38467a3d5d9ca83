import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DriftPositions } from '../../src/contracts/monitor.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { Adwin, Ddm, type DriftDetector, Eddm, HddmA, HddmW, PageHinkley } from '../../src/index.ts';
import { kolmogorovSmirnovPValue } from '../../src/monitors/drift/kolmogorov-smirnov.ts';
import { expectClose } from './expect-close.ts';

type Positions = Readonly<Record<string, readonly number[]>>;
type FinalWindow = { readonly width: number; readonly total: number; readonly variance_sum: number };
type Portable = { readonly sum?: number; readonly adwinFinal?: FinalWindow } & Readonly<Record<string, unknown>>;

/** Positions from other programs; the file says which. */
const reference = JSON.parse(readFileSync(new URL('drift-detectors.json', import.meta.url), 'utf8')) as {
  readonly portable: Readonly<Record<string, Portable>>;
  readonly river: Readonly<Record<string, Positions>>;
  readonly riverStreams: Readonly<Record<string, string>>;
  readonly riverWarnings: Readonly<
    Record<string, { readonly firstWarnings: readonly number[]; readonly drifts: readonly number[] }>
  >;
  readonly hddm: Readonly<Record<string, Readonly<Record<string, DriftPositions>>>>;
  readonly kolmogorovSmirnov: readonly (readonly [r: number, steps: number, p: number])[];
};

const detectors: Readonly<Record<string, () => DriftDetector>> = {
  adwinForget: () => new Adwin({ afterDrift: 'forget' }),
  adwinKeep: () => new Adwin(),
  adwinClock1: () => new Adwin({ clock: 1 }),
  pageHinkley: () => new PageHinkley(),
  pageHinkley20: () => new PageHinkley({ lambda: 20 }),
  ddm: () => new Ddm(),
  eddmPopulation: () => new Eddm(),
  eddmSample: () => new Eddm({ variant: 'River' }),
  eddmLoose: () => new Eddm({ variant: 'River', warningLevel: 0.8, driftLevel: 0.75 }),
  hddmA: () => new HddmA(),
  hddmABoth: () => new HddmA({ direction: 'both' }),
  hddmW: () => new HddmW(),
  hddmWBoth: () => new HddmW({ direction: 'both' }),
};

/** A stream of `length` values, each from its position and draws of mulberry32. */
function stream(seed: number, length: number, valueAt: (t: number, next: () => number) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, (_, t) => valueAt(t, () => random.next()));
}

const bernoulli = (p: number, next: () => number) => (next() < p ? 1 : 0);
const portableStreams: Readonly<Record<string, Float64Array>> = {
  A: stream(42, 2000, (t, next) => bernoulli(t < 1000 ? 0.2 : 0.8, next)),
  B: stream(7, 2000, (t, next) => Math.floor(next() * (t < 1000 ? 2 : 8))),
  C: stream(99, 3000, (t, next) => nextNormal({ next }) + (t < 1500 ? 0 : 0.75)),
  D: stream(2024, 8000, (t, next) => bernoulli(0.1 + 0.2 * Math.min(Math.max((t - 3000) / 2000, 0), 1), next)),
  E: stream(5, 3000, (t, next) => bernoulli(t < 1000 ? 0.8 : t < 2000 ? 0.2 : 0.6, next)),
};

describe('drift detectors find what other programs find, where they find it', () => {
  for (const [name, expected] of Object.entries(reference.portable)) {
    const values = portableStreams[name]!;
    it(`stream ${name} is the one that they were given`, () => {
      if (expected.sum !== undefined) expect(values.reduce((sum, value) => sum + value, 0)).toBe(expected.sum);
    });
    for (const [detector, positions] of Object.entries(expected).filter(([key]) => key in detectors)) {
      it(`${detector} on stream ${name}`, () => {
        expect(detectors[detector]!().updateAll(values).drifts).toEqual(positions);
      });
    }
  }

  for (const [name, expected] of Object.entries(reference.river)) {
    const values = Float64Array.from(reference.riverStreams[name]!, Number);
    it.each(Object.entries(expected))(`%s on stream ${name} of River's tests`, (detector, positions) => {
      expect(detectors[detector]!().updateAll(values).drifts).toEqual(positions);
    });
  }

  it.each(Object.entries(reference.riverWarnings))(
    "%s on the stream of River's documentation, with its warnings",
    (name, expected) => {
      const { warnings, drifts } = detectors[name]!().updateAll(
        Float64Array.from(reference.riverStreams['4']!, Number),
      );
      const bounds = [-1, ...drifts, Number.POSITIVE_INFINITY];
      const firstWarnings = bounds
        .slice(1)
        .flatMap((end, i) => warnings.find((at) => at > bounds[i]! && at < end) ?? []);
      expect({ firstWarnings, drifts }).toEqual(expected);
    },
  );

  for (const [detector, expected] of Object.entries(reference.hddm)) {
    it.each(Object.entries(expected))(`${detector} on stream %s, with its warnings`, (name, positions) => {
      expect(detectors[detector]!().updateAll(portableStreams[name]!)).toEqual(positions);
    });
  }
});

it('DDM first warns where it should', () => {
  const { warnings } = new Ddm().updateAll(portableStreams['A']!);
  expect([warnings.find((position) => position > 500)]).toEqual(reference.portable['A']!['ddmFirstWarning']);
});

it.each(['A', 'B', 'C'])("ADWIN's window at the end of stream %s", (name) => {
  const adwin = new Adwin();
  adwin.updateAll(portableStreams[name]!);
  const { width, total, variance_sum: squares } = reference.portable[name]!.adwinFinal!;
  expect(adwin.width).toBe(width);
  expectClose([adwin.mean * adwin.width, adwin.squares], [total, squares]);
});

it("gives scipy's p-values of the Kolmogorov–Smirnov test", () => {
  const p = reference.kolmogorovSmirnov.map(([r, steps]) => kolmogorovSmirnovPValue(r, steps));
  const expected = reference.kolmogorovSmirnov.map(([, , value]) => value);
  for (const [i, value] of expected.entries()) expect(p[i]! / value).toBeCloseTo(1, 9);
});
