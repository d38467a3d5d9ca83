import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { StateError, UsageError } from '../../errors.ts';

/** The last rows of a stream of outcomes, column by column, in a ring. Weights are always kept. */
export class RowWindow {
  readonly capacity: number;
  /** By name, such as `probabilities.1`; each Float64Array[capacity]. None before the first rows. */
  #columns: ReadonlyMap<string, Float64Array> = new Map();
  /** Where the next row goes. */
  #next = 0;
  #rows = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Copies rows in. Throws `UsageError` (`wrong-type`) where their columns are others than before. */
  add(outcomes: Outcomes): void {
    if (outcomes.rows === 0) return;
    const given = columnsOf(outcomes);
    if (this.#columns.size === 0) {
      this.#columns = new Map([...given.keys()].map((name) => [name, new Float64Array(this.capacity)]));
    }
    const names = [...this.#columns.keys()].join(', ');
    if ([...given.keys()].join(', ') !== names) {
      throw new UsageError(
        'wrong-type',
        `windowed: expected the columns ${names}, got ${[...given.keys()].join(', ')}`,
      );
    }
    for (const [name, { length }] of given) {
      if (length === outcomes.rows) continue;
      throw new UsageError('wrong-type', `windowed: expected ${outcomes.rows} ${name}, got ${length}`);
    }
    const kept = Math.min(outcomes.rows, this.capacity);
    for (const [name, column] of given) this.#write(this.#columns.get(name)!, column.subarray(outcomes.rows - kept));
    this.#next = (this.#next + kept) % this.capacity;
    this.#rows = Math.min(this.#rows + kept, this.capacity);
  }

  /** The rows, oldest first, in at most two pieces, which are views: to be used at once. */
  stretches(): readonly Outcomes[] {
    const start = (this.#next - this.#rows + this.capacity) % this.capacity;
    const end = start + this.#rows;
    const bounds = end <= this.capacity ? [[start, end]] : [[start, this.capacity], [0, end - this.capacity]]; // biome-ignore format: one line
    return bounds.filter(([from, to]) => from! < to!).map(([from, to]) => outcomesOf(this.#columns, from!, to!));
  }

  scaleWeights(factor: number): void {
    const weights = this.#columns.get('weights');
    weights?.forEach((weight, row) => {
      weights[row] = weight * factor;
    });
  }

  /** The rows, oldest first. */
  snapshot(): SnapshotRecord {
    const start = (this.#next - this.#rows + this.capacity) % this.capacity;
    const unrolled = (column: Float64Array) =>
      Float64Array.from({ length: this.#rows }, (_, row) => column[(start + row) % this.capacity]!);
    return Object.fromEntries([...this.#columns].map(([name, column]) => [name, unrolled(column)]));
  }

  restore(snapshot: SnapshotRecord, owner: string): void {
    const columns = Object.entries(snapshot);
    const rows = snapshot['weights'] instanceof Float64Array ? snapshot['weights'].length : 0;
    const fits = columns.every(([, column]) => column instanceof Float64Array && column.length === rows);
    if (!fits || rows > this.capacity) {
      throw new StateError('does-not-fit', `${owner}: expected saved columns of ${this.capacity} rows at most`);
    }
    const widened = (column: Float64Array) => {
      const ring = new Float64Array(this.capacity);
      ring.set(column);
      return ring;
    };
    this.#columns = new Map(columns.map(([name, column]) => [name, widened(column as Float64Array)]));
    this.#rows = rows;
    this.#next = rows % this.capacity;
  }

  #write(ring: Float64Array, values: Float64Array): void {
    const untilEnd = this.capacity - this.#next;
    ring.set(values.subarray(0, untilEnd), this.#next);
    ring.set(values.subarray(untilEnd));
  }
}

/** The columns by name, the same order whatever the order of the object. */
function columnsOf({ rows, labels, predictions, probabilities, squaredDistances, weights }: Outcomes) {
  const columns = new Map<string, Float64Array>();
  if (labels !== undefined) columns.set('labels', labels);
  if (predictions !== undefined) columns.set('predictions', predictions);
  for (const [k, column] of (probabilities ?? []).entries()) columns.set(`probabilities.${k}`, column);
  for (const [k, column] of (squaredDistances ?? []).entries()) columns.set(`squaredDistances.${k}`, column);
  columns.set('weights', weights ?? new Float64Array(rows).fill(1));
  return columns;
}

function outcomesOf(columns: ReadonlyMap<string, Float64Array>, from: number, to: number): Outcomes {
  const view = (name: string) => columns.get(name)?.subarray(from, to);
  const numbered = (name: string) =>
    [...columns.keys()].filter((each) => each.startsWith(`${name}.`)).map((each) => view(each)!);
  const [labels, predictions, weights] = [view('labels'), view('predictions'), view('weights')];
  const probabilities = numbered('probabilities');
  const [nearest, second] = numbered('squaredDistances');
  return {
    rows: to - from,
    ...(labels && { labels }),
    ...(predictions && { predictions }),
    ...(probabilities.length > 0 && { probabilities }),
    ...(nearest && second && { squaredDistances: [nearest, second] as const }),
    ...(weights && { weights }),
  };
}
