import * as assert from 'node:assert/strict';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import type { Metric, Outcomes } from '../contracts/monitor.ts';
import { DataError, StateError, UsageError } from '../errors.ts';
import { type Random, seededRandom } from '../host/random.ts';
import { MeanAbsoluteError } from '../monitors/metrics/mean-absolute-error.ts';
import { WithinClusterCost } from '../monitors/metrics/within-cluster-cost.ts';
import { type Check, check } from './check.ts';
import { refuses } from './learner-laws/material.ts';

/** A kind of metric: a new one that has seen nothing, the same each time. It may read every column of `Outcomes`. */
export interface MetricSubject {
  make(): Metric;
}

/** Streams that are cut at random places. */
const STREAMS = 40;
const MOST_ROWS = 25;
/** Sums in another order round otherwise. */
const SAME_WITHIN = 1e-8;

/** The laws of `Metric` in `contracts/monitor.ts`. */
export function* metricSuite({ make }: MetricSubject): Iterable<Check> {
  const seen = (...batches: readonly Outcomes[]) => {
    const metric = make();
    for (const batch of batches) metric.update(batch);
    return metric;
  };

  yield check('gives the same however the rows are cut into batches, and when halves are merged', async () => {
    for (let seed = 1; seed <= STREAMS; seed++) {
      const random = seededRandom(seed);
      const rows = rowsOf(random, 3 + Math.floor((MOST_ROWS - 2) * random.next()));
      const cut = Math.floor(rows.length * random.next());
      const [first, second] = [outcomesOf(rows.slice(0, cut)), outcomesOf(rows.slice(cut))];
      const expected = seen(outcomesOf(rows));
      sameValue(seen(first, second), expected, seed);
      sameValue(seen(...rows.map((row) => outcomesOf([row]))), expected, seed);
      const [merged, later] = [seen(first), seen(second)];
      const before = textOf(later);
      merged.merge(later);
      sameValue(merged, expected, seed);
      merged.update(tenRows());
      assert.equal(textOf(later), before);
    }
  });

  yield check('gives the same when every row counts twice as much', async () => {
    const { weights: _, ...unweighted } = tenRows();
    sameValue(seen({ ...unweighted, weights: new Float64Array(10).fill(2) }), seen(unweighted));
  });

  yield check('forgets all with a decay of 0, and nothing with one of 1', async () => {
    const metric = seen(tenRows());
    metric.decay(1);
    assert.equal(metric.value, seen(tenRows()).value);
    metric.decay(0);
    assert.ok(Number.isNaN(metric.value), `expected no value, got ${metric.value}`);
    for (const factor of [-0.1, 1.1, Number.NaN]) refuses(() => metric.decay(factor), UsageError, 'bad-option');
  });

  yield check('is undefined before the first row, and an empty batch changes nothing', async () => {
    const metric = make();
    assert.deepEqual([metric.value, metric.metrics?.()], [Number.NaN, {}]);
    metric.update(outcomesOf([]));
    assert.equal(textOf(metric), textOf(make()));
    metric.update(tenRows());
    assert.deepEqual(metric.metrics?.(), { [metric.name]: metric.value });
  });

  yield check('gives fresh ones of its kind, which have seen nothing', async () => {
    const metric = seen(tenRows());
    const fresh = metric.fresh();
    assert.deepEqual([fresh.name, fresh.task, textOf(fresh)], [metric.name, metric.task, textOf(make())]);
  });

  yield check('goes on from its snapshot, bit for bit, and neither keeps nor gives away what it needs', async () => {
    const metric = seen(tenRows());
    const snapshot = metric.snapshot();
    const text = snapshotToText(snapshot);
    const restored = make();
    restored.restore(snapshotFromText(text) as SnapshotRecord);
    for (const each of [metric, restored]) each.update(tenRows());
    assert.equal(textOf(restored), textOf(metric));
    assert.equal(snapshotToText(snapshot), text);
    restored.restore(snapshot);
    restored.update(outcomesOf([]));
    for (const part of Object.values(snapshot)) if (part instanceof Float64Array) part.fill(Number.NaN);
    assert.equal(textOf(restored), text);
  });

  yield check('neither changes nor keeps the columns that it is given', async () => {
    const given = tenRows();
    const metric = seen(given);
    const { value } = metric;
    assert.deepEqual(given, tenRows());
    for (const column of [given.labels, given.predictions, ...given.probabilities, ...given.squaredDistances]) {
      column.fill(Number.NaN);
    }
    metric.decay(1);
    assert.equal(metric.value, value);
  });

  yield check('refuses numbers that are none and columns of another length, and is then as before', async () => {
    const metric = seen(tenRows());
    const before = textOf(metric);
    const { labels, predictions, probabilities, squaredDistances, weights } = tenRows();
    for (const column of [labels, predictions, ...probabilities, ...squaredDistances]) column[4] = Number.NaN;
    refuses(
      () => metric.update({ rows: 10, labels, predictions, probabilities, squaredDistances }),
      DataError,
      'not-finite',
    );
    weights[9] = -1;
    refuses(() => metric.update({ ...tenRows(), weights }), DataError, 'bad-record');
    refuses(() => metric.update({ ...tenRows(), rows: 9 }), UsageError, 'wrong-type');
    refuses(() => metric.update({ rows: 10 }), UsageError, 'wrong-type');
    assert.equal(textOf(metric), before);
  });

  yield check('refuses to merge with another kind, and to restore what is not its own', async () => {
    const metric = seen(tenRows());
    const before = textOf(metric);
    const other = [new MeanAbsoluteError(), new WithinClusterCost()].find(({ name }) => name !== metric.name)!;
    refuses(() => metric.merge(other), UsageError, 'wrong-type');
    for (const misfit of [{ weights: 'all' }, { sum: null }, { rows: 1 }]) {
      refuses(() => metric.restore(misfit), StateError, 'does-not-fit');
    }
    assert.equal(textOf(metric), before);
  });
}

interface Row {
  readonly label: number;
  readonly prediction: number;
  readonly probability: number;
  readonly distance: number;
  readonly weight: number;
}

/** Rows with every column that any metric reads. */
function rowsOf(random: Random, count: number): Row[] {
  const below = (n: number) => Math.floor(n * random.next());
  return Array.from({ length: count }, () => ({
    label: below(2),
    prediction: below(4),
    probability: random.next(),
    distance: 0.001 + 100 * random.next(),
    weight: 1 + below(4),
  }));
}

function outcomesOf(rows: readonly Row[]) {
  const column = (f: (row: Row) => number) => Float64Array.from(rows, f);
  return {
    rows: rows.length,
    labels: column(({ label }) => label),
    predictions: column(({ prediction }) => prediction),
    probabilities: [column(({ probability }) => 1 - probability), column(({ probability }) => probability)] as const,
    squaredDistances: [column(({ distance }) => distance), column(({ distance }) => 2 * distance)] as const,
    weights: column(({ weight }) => weight),
  } satisfies Outcomes;
}

function tenRows() {
  return outcomesOf(
    Array.from({ length: 10 }, (_, i) => ({
      label: Number(i % 3 === 0),
      prediction: Number(i % 2 === 0),
      probability: (i + 1) / 12,
      distance: i + 1,
      weight: 1 + (i % 2),
    })),
  );
}

function sameValue(got: Metric, expected: Metric, seed?: number): void {
  const same = Object.is(got.value, expected.value) || Math.abs(got.value - expected.value) < SAME_WITHIN;
  assert.ok(same, `expected ${expected.value}, got ${got.value}${seed === undefined ? '' : ` (seed ${seed})`}`);
}

function textOf(metric: Metric): string {
  return snapshotToText(metric.snapshot());
}
