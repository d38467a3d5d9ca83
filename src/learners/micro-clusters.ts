/** What `DBSTREAM` remembers of a stream: points that stand for the rows around them, and how much of that pairs of them share. */

export interface MicroClusterOptions {
  readonly radius: number;
  /** λ: after t rows, 2^(−λ·t) of a weight is left. */
  readonly fadingFactor: number;
}

interface MicroCluster {
  /** Grows with every one that is made. */
  readonly id: number;
  /** Float64Array[d], never changed. */
  center: Float64Array;
  /** As of `time`. */
  weight: number;
  /** The row, counted from 1, at which it last grew. */
  time: number;
}

/** Weight of the rows that were near two micro-clusters at once, as of `time`. */
interface SharedDensity {
  readonly a: number;
  readonly b: number;
  weight: number;
  time: number;
}

/** More micro-clusters than a program can ever make: two ids make one key. */
const KEY_BASE = 2 ** 26;

export class MicroClusters {
  readonly #options: MicroClusterOptions;
  /** The oldest first. */
  #clusters: MicroCluster[] = [];
  readonly #shared = new Map<number, SharedDensity>();
  #nextId = 0;

  constructor(options: MicroClusterOptions) {
    this.#options = options;
  }

  /** The same anew, from what `columns` gave. */
  static of(options: MicroClusterOptions, { centers, weights, times, shared }: MicroClusterColumns): MicroClusters {
    const all = new MicroClusters(options);
    const d = centers.length / weights.length;
    for (let i = 0; i < weights.length; i++) {
      const center = centers.slice(i * d, (i + 1) * d);
      all.#clusters.push({ id: all.#nextId++, center, weight: weights[i]!, time: times[i]! });
    }
    for (let at = 0; at < shared.length; at += 4) {
      const [a, b, weight, time] = shared.subarray(at, at + 4) as unknown as [number, number, number, number];
      all.#shared.set(a * KEY_BASE + b, { a, b, weight, time });
    }
    return all;
  }

  get size(): number {
    return this.#clusters.length;
  }

  columns(): MicroClusterColumns {
    const position = new Map(this.#clusters.map(({ id }, at) => [id, at]));
    return {
      centers: Float64Array.from(this.#clusters.flatMap(({ center }) => [...center])),
      weights: Float64Array.from(this.#clusters, ({ weight }) => weight),
      times: Float64Array.from(this.#clusters, ({ time }) => time),
      shared: Float64Array.from(
        [...this.#shared.values()].flatMap(({ a, b, weight, time }) => [
          position.get(a)!,
          position.get(b)!,
          weight,
          time,
        ]),
      ),
    };
  }

  /** Squared distance to the nearest centre, and which it is; none of none. */
  nearest(x: Float64Array): { readonly index: number; readonly squared: number } | undefined {
    let [index, squared] = [-1, Number.POSITIVE_INFINITY];
    for (let i = 0; i < this.#clusters.length; i++) {
      const each = squaredDistance(this.#clusters[i]!.center, x);
      if (index < 0 || each < squared) [index, squared] = [i, each];
    }
    return index < 0 ? undefined : { index, squared };
  }

  /** Learns the row number `time`. `x` is copied where it is kept. */
  learn(x: Float64Array, weight: number, time: number): void {
    const { radius } = this.#options;
    const near = this.#clusters.filter(({ center }) => squaredDistance(center, x) < radius * radius);
    if (near.length === 0) {
      this.#clusters.push({ id: this.#nextId++, center: x.slice(), weight, time });
      return;
    }
    const before = near.map(({ center }) => center);
    for (const each of near) {
      each.weight = this.faded(each, time) + weight;
      each.center = movedTowards(each.center, x, radius);
      each.time = time;
    }
    for (let i = 0; i < near.length; i++) {
      for (let j = i + 1; j < near.length; j++) {
        this.#share(near[i]!.id, near[j]!.id, weight, time);
        // Two that come closer than the radius would become one.
        if (squaredDistance(near[i]!.center, near[j]!.center) >= radius * radius) continue;
        near[i]!.center = before[i]!;
        near[j]!.center = before[j]!;
      }
    }
  }

  /** Forgets those that weigh less than one row of `gap` rows ago, and what they share; and of the others, shares under α of that. */
  forgetWeak(gap: number, intersectionFactor: number, time: number): void {
    const weak = 2 ** (-this.#options.fadingFactor * gap);
    this.#clusters = this.#clusters.filter((each) => this.faded(each, time) >= weak);
    const left = new Set(this.#clusters.map(({ id }) => id));
    for (const [key, shared] of this.#shared) {
      const enough = this.faded(shared, time) >= intersectionFactor * weak;
      if (!(enough && left.has(shared.a) && left.has(shared.b))) this.#shared.delete(key);
    }
  }

  /** A weight as of row `time`. */
  faded({ weight, time: since }: { readonly weight: number; readonly time: number }, time: number): number {
    return weight * 2 ** (-this.#options.fadingFactor * (time - since));
  }

  /**
   * For each micro-cluster the number of its cluster, from 0 in the order of their oldest ones; −1 for one that weighs less than
   * `minWeight`. Two belong together when they share at least α of what they weigh on average, and so do any that a chain joins.
   */
  clusterNumbers(minWeight: number, intersectionFactor: number, time: number): Int32Array {
    const position = new Map(this.#clusters.map(({ id }, at) => [id, at]));
    const weights = this.#clusters.map((each) => this.faded(each, time));
    const parents = Int32Array.from(weights, (weight, at) => (weight >= minWeight ? at : -1));
    for (const shared of this.#shared.values()) {
      const [a, b] = [position.get(shared.a)!, position.get(shared.b)!];
      if (parents[a]! < 0 || parents[b]! < 0) continue;
      if (this.faded(shared, time) / ((weights[a]! + weights[b]!) / 2) < intersectionFactor) continue;
      const [rootA, rootB] = [rootOf(parents, a), rootOf(parents, b)];
      parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }
    const numbers = new Map<number, number>();
    return parents.map((parent, at) => {
      if (parent < 0) return -1;
      const root = rootOf(parents, at);
      if (!numbers.has(root)) numbers.set(root, numbers.size);
      return numbers.get(root)!;
    });
  }

  #share(a: number, b: number, weight: number, time: number): void {
    const key = a * KEY_BASE + b;
    const shared = this.#shared.get(key);
    if (shared === undefined) {
      this.#shared.set(key, { a, b, weight, time });
      return;
    }
    shared.weight = this.faded(shared, time) + weight;
    shared.time = time;
  }
}

/** All micro-clusters, m of them, in columns. */
export type MicroClusterColumns = {
  /** Float64Array[m·d]. */
  readonly centers: Float64Array;
  /** Float64Array[m], as of `times`. */
  readonly weights: Float64Array;
  /** Float64Array[m]. */
  readonly times: Float64Array;
  /** Four numbers for each pair that shares something: the index of one and of the other, the weight, as of the time. */
  readonly shared: Float64Array;
};

/** Part of the way towards x, the less the farther it is: a hundredth from the radius, nearly all from close by. */
function movedTowards(center: Float64Array, x: Float64Array, radius: number): Float64Array {
  const sigma = radius / 3;
  const share = Math.exp(-squaredDistance(center, x) / (2 * sigma * sigma));
  return center.map((c, f) => c + share * (x[f]! - c));
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let f = 0; f < a.length; f++) {
    const t = a[f]! - b[f]!;
    sum += t * t;
  }
  return sum;
}

function rootOf(parents: Int32Array, at: number): number {
  let root = at;
  while (parents[root] !== root) root = parents[root]!;
  return root;
}
