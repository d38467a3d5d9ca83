/** What `DBSTREAM` remembers of a stream: points that stand for the rows around them, and how much of that pairs of them share. */
import type { RowAtHand } from './row-at-hand.ts';

export interface MicroClusterOptions {
  /** d. */
  readonly numFeatures: number;
  readonly radius: number;
  /** λ: after t rows, 2^(−λ·t) of a weight is left. */
  readonly fadingFactor: number;
}

/** Weight of the rows that were near two micro-clusters at once, as of `time`. */
interface SharedDensity {
  weight: number;
  time: number;
}

/** All micro-clusters, m of them, in columns. */
export type MicroClusterColumns = {
  /** Float64Array[m·d]. */
  readonly centers: Float64Array;
  /** Float64Array[m], as of `times`. */
  readonly weights: Float64Array;
  /** The rows, counted from 1, at which they last grew: Float64Array[m]. */
  readonly times: Float64Array;
  /** Four numbers for each pair that shares something: the index of one and of the other, the weight, as of the time. */
  readonly shared: Float64Array;
};

/** Micro-clusters by their index, the oldest first. A row is looked at, and may then be learned; nothing is allocated for it. */
export class MicroClusters {
  readonly #options: MicroClusterOptions;
  #size = 0;
  /** As in `MicroClusterColumns`, with room for more. */
  #centers: Float64Array;
  #weights: Float64Array;
  #times: Float64Array;
  /** Grows with every one that is made. */
  #ids: Int32Array;
  #nextId = 0;
  /** What each shares with younger ones, by their id. */
  readonly #shared: Map<number, SharedDensity>[] = [];
  /** Squared distances to the row that was looked at. */
  #squares: Float64Array;
  #nearest = -1;
  /** Those whose centre is nearer than the radius, and where they were before they moved. */
  #near: Int32Array;
  #before: Float64Array;

  /** Those that `columns` gave; without, none. */
  constructor(options: MicroClusterOptions, columns?: MicroClusterColumns) {
    this.#options = options;
    const size = columns?.weights.length ?? 0;
    const room = Math.max(16, 2 * size);
    const d = options.numFeatures;
    this.#centers = new Float64Array(room * d);
    this.#before = new Float64Array(room * d);
    this.#weights = new Float64Array(room);
    this.#times = new Float64Array(room);
    this.#squares = new Float64Array(room);
    this.#near = new Int32Array(room);
    this.#ids = new Int32Array(room);
    if (columns === undefined) return;
    const { centers, weights, times, shared } = columns;
    this.#size = size;
    this.#centers.set(centers);
    this.#weights.set(weights);
    this.#times.set(times);
    for (let i = 0; i < size; i++) {
      this.#ids[i] = this.#nextId++;
      this.#shared.push(new Map());
    }
    for (let at = 0; at < shared.length; at += 4) {
      this.#shared[shared[at]!]!.set(shared[at + 1]!, { weight: shared[at + 2]!, time: shared[at + 3]! });
    }
  }

  columns(): MicroClusterColumns {
    const size = this.#size;
    const pairs = this.#shared.map((others, a) =>
      Array.from(others, ([id, { weight, time }]) => [a, this.#indexOf(id), weight, time]),
    );
    return {
      centers: this.#centers.slice(0, size * this.#options.numFeatures),
      weights: this.#weights.slice(0, size),
      times: this.#times.slice(0, size),
      shared: Float64Array.from(pairs.flat(2)),
    };
  }

  /** Which is nearest to the row that was looked at; −1 of none. */
  get nearest(): number {
    return this.#nearest;
  }

  /** Measures how far a row is from each. Its prediction becomes the squared distance to the nearest; 0 of none. */
  lookAt(row: RowAtHand): void {
    const { x } = row;
    const centers = this.#centers;
    const squares = this.#squares;
    this.#nearest = this.#size > 0 ? 0 : -1;
    for (let i = 0, at = 0; i < this.#size; i++) {
      let sum = 0;
      for (let f = 0; f < x.length; f++, at++) {
        const apart = centers[at]! - x[f]!;
        sum += apart * apart;
      }
      squares[i] = sum;
      if (sum < squares[this.#nearest]!) this.#nearest = i;
    }
    row.prediction = this.#nearest < 0 ? 0 : squares[this.#nearest]!;
  }

  /** Learns the row that was looked at last, the row number `time`. */
  learn(row: RowAtHand, time: number): void {
    const count = this.#findNear();
    if (count === 0) {
      this.#add(row, time);
      return;
    }
    const near = this.#near;
    for (let n = 0; n < count; n++) {
      const i = near[n]!;
      this.#weights[i] = this.#weights[i]! * this.#fade(this.#times[i]!, time) + row.weight;
      this.#times[i] = time;
      this.#moveTowards(i, row);
    }
    for (let n = 0; n < count; n++) {
      for (let m = n + 1; m < count; m++) {
        this.#share(near[n]!, near[m]!, row, time);
        // Two that come closer than the radius would become one.
        if (!this.#touch(near[n]!, near[m]!)) continue;
        this.#moveBack(near[n]!);
        this.#moveBack(near[m]!);
      }
    }
  }

  /** Forgets those that weigh less than one row of `gap` rows ago, and what they share; and of the others, shares under α of that. */
  forgetWeak(gap: number, intersectionFactor: number, time: number): void {
    const weak = this.#fade(0, gap);
    const d = this.#options.numFeatures;
    let size = 0;
    for (let i = 0; i < this.#size; i++) {
      if (this.#weights[i]! * this.#fade(this.#times[i]!, time) < weak) continue;
      this.#ids[size] = this.#ids[i]!;
      this.#weights[size] = this.#weights[i]!;
      this.#times[size] = this.#times[i]!;
      this.#centers.copyWithin(size * d, i * d, (i + 1) * d);
      this.#shared[size] = this.#shared[i]!;
      size++;
    }
    this.#size = size;
    this.#shared.length = size;
    const forget = (shared: SharedDensity, id: number, others: Map<number, SharedDensity>) => {
      const enough = shared.weight * this.#fade(shared.time, time) >= intersectionFactor * weak;
      if (!enough || this.#indexOf(id) < 0) others.delete(id);
    };
    for (const others of this.#shared) others.forEach(forget);
  }

  /** The weights as of row `time`: Float64Array[m]. */
  weightsAt(time: number): Float64Array {
    return this.#weights.slice(0, this.#size).map((weight, i) => weight * this.#fade(this.#times[i]!, time));
  }

  /**
   * For each micro-cluster the number of its cluster, from 0 in the order of their oldest ones; −1 for one that weighs less than
   * `minWeight`. Two belong together when they share at least α of what they weigh on average, and so do any that a chain joins.
   */
  clusterNumbers(minWeight: number, intersectionFactor: number, time: number): Int32Array {
    const weights = this.weightsAt(time);
    const parents = Int32Array.from(weights, (weight, at) => (weight >= minWeight ? at : -1));
    for (const [a, others] of this.#shared.entries()) {
      for (const [id, shared] of others) {
        const b = this.#indexOf(id);
        if (parents[a]! < 0 || parents[b]! < 0) continue;
        const weight = shared.weight * this.#fade(shared.time, time);
        if (weight / ((weights[a]! + weights[b]!) / 2) < intersectionFactor) continue;
        const [rootA, rootB] = [rootOf(parents, a), rootOf(parents, b)];
        parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
      }
    }
    const numbers = new Map<number, number>();
    return parents.map((parent, at) => {
      if (parent < 0) return -1;
      const root = rootOf(parents, at);
      if (!numbers.has(root)) numbers.set(root, numbers.size);
      return numbers.get(root)!;
    });
  }

  /** The index of an id, −1 of one that is forgotten: ids rise with the index. */
  #indexOf(id: number): number {
    let low = 0;
    let high = this.#size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle]! < id) low = middle + 1;
      else high = middle;
    }
    return this.#ids[low] === id && low < this.#size ? low : -1;
  }

  /** What is left at row `time` of a weight of 1 as of row `since`. */
  #fade(since: number, time: number): number {
    return 2 ** (-this.#options.fadingFactor * (time - since));
  }

  /** Writes down those that are nearer than the radius, and tells how many they are. */
  #findNear(): number {
    const { radius } = this.#options;
    let count = 0;
    for (let i = 0; i < this.#size; i++) if (this.#squares[i]! < radius * radius) this.#near[count++] = i;
    return count;
  }

  #add({ x, weight }: RowAtHand, time: number): void {
    if (this.#size === this.#weights.length) this.#makeRoom();
    this.#centers.set(x, this.#size * x.length);
    this.#weights[this.#size] = weight;
    this.#times[this.#size] = time;
    this.#ids[this.#size] = this.#nextId++;
    this.#shared.push(new Map());
    this.#size++;
  }

  #makeRoom(): void {
    const widened = (column: Float64Array) => {
      const wide = new Float64Array(2 * column.length);
      wide.set(column);
      return wide;
    };
    this.#centers = widened(this.#centers);
    this.#before = widened(this.#before);
    this.#weights = widened(this.#weights);
    this.#times = widened(this.#times);
    this.#squares = widened(this.#squares);
    this.#near = new Int32Array(2 * this.#near.length);
    const ids = this.#ids;
    this.#ids = new Int32Array(2 * ids.length);
    this.#ids.set(ids);
  }

  /** Part of the way, the less the farther the row is: a hundredth from the radius, nearly all from close by. */
  #moveTowards(i: number, { x }: RowAtHand): void {
    const sigma = this.#options.radius / 3;
    const share = Math.exp(-this.#squares[i]! / (2 * sigma * sigma));
    for (let f = 0, at = i * x.length; f < x.length; f++, at++) {
      const center = this.#centers[at]!;
      this.#before[at] = center;
      this.#centers[at] = center + share * (x[f]! - center);
    }
  }

  #moveBack(i: number): void {
    const d = this.#options.numFeatures;
    for (let at = i * d; at < (i + 1) * d; at++) this.#centers[at] = this.#before[at]!;
  }

  #share(a: number, b: number, { weight }: RowAtHand, time: number): void {
    const others = this.#shared[a]!;
    const shared = others.get(this.#ids[b]!);
    if (shared === undefined) {
      others.set(this.#ids[b]!, { weight, time });
      return;
    }
    shared.weight = shared.weight * this.#fade(shared.time, time) + weight;
    shared.time = time;
  }

  /** Whether two are nearer to each other than the radius. */
  #touch(a: number, b: number): boolean {
    const { numFeatures: d, radius } = this.#options;
    let sum = 0;
    for (let f = 0; f < d; f++) {
      const apart = this.#centers[a * d + f]! - this.#centers[b * d + f]!;
      sum += apart * apart;
    }
    return sum < radius * radius;
  }
}

function rootOf(parents: Int32Array, at: number): number {
  let root = at;
  while (parents[root] !== root) root = parents[root]!;
  return root;
}
