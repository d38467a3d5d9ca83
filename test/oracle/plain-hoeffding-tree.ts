import { normal } from '../../src/numeric/distributions/normal.ts';

interface Row {
  readonly x: readonly number[];
  readonly label: number;
}

interface Options {
  readonly numClasses: number;
  readonly gracePeriod: number;
  readonly delta: number;
  readonly tau: number;
}

interface Split {
  readonly feature: number;
  readonly threshold: number;
  readonly gain: number;
  readonly below: readonly number[];
  readonly above: readonly number[];
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const largest = (values: readonly number[]) => values.indexOf(Math.max(...values));

/** A Hoeffding tree as its papers tell it, whose leaves keep all their rows and reckon everything anew when they are asked. */
export class PlainHoeffdingTree {
  readonly #options: Options;
  #rows: Row[] = [];
  #weights: number[];
  #weight: number;
  #tried: number;
  #majorityRight = 0;
  #bayesRight = 0;
  #branch: { split: Split; left: PlainHoeffdingTree; right: PlainHoeffdingTree } | undefined;

  constructor(options: Options, weights: readonly number[] = new Array<number>(options.numClasses).fill(0)) {
    this.#options = options;
    this.#weights = [...weights];
    this.#weight = sum(weights);
    this.#tried = this.#weight;
  }

  get leaves(): number {
    return this.#branch === undefined ? 1 : this.#branch.left.leaves + this.#branch.right.leaves;
  }

  /** Learns a row, and gives the class that it would have predicted. */
  learn(row: Row): number {
    if (this.#branch !== undefined) return this.#childOf(row).learn(row);
    const majority = largest(this.#weights);
    const bayes = this.#bayes(row.x) ?? majority;
    const prediction = this.#bayesRight >= this.#majorityRight ? bayes : majority;
    if (majority === row.label) this.#majorityRight++;
    if (bayes === row.label) this.#bayesRight++;
    this.#rows.push(row);
    this.#weights[row.label] = this.#weights[row.label]! + 1;
    this.#weight++;
    if (this.#weight - this.#tried >= this.#options.gracePeriod) this.#trySplit();
    return prediction;
  }

  #childOf({ x }: Row): PlainHoeffdingTree {
    const { split, left, right } = this.#branch!;
    return x[split.feature]! <= split.threshold ? left : right;
  }

  #bayes(x: readonly number[]): number | undefined {
    const logs = this.#weights.map((weight, k) => {
      const members = this.#rows.filter(({ label }) => label === k);
      if (members.length < 2) return Number.NEGATIVE_INFINITY;
      return sum([Math.log(weight), ...x.map((value, j) => logDensity(value, momentsOf(members, j)))]);
    });
    return Math.max(...logs) > Number.NEGATIVE_INFINITY ? largest(logs) : undefined;
  }

  #trySplit(): void {
    const { numClasses, delta, tau } = this.#options;
    const n = this.#weight;
    this.#tried = n;
    const splits = this.#rows[0]!.x.flatMap((_, feature) => this.#bestOf(feature) ?? []).sort(
      (a, b) => b.gain - a.gain,
    );
    const [best, second] = splits;
    if (best === undefined || best.gain <= 0) return;
    const range = Math.log2(numClasses);
    const bound = Math.sqrt((range ** 2 * Math.log(1 / delta)) / (2 * n));
    if (best.gain - Math.max(0, second?.gain ?? 0) <= bound && bound >= tau) return;
    const child = (weights: readonly number[]) => new PlainHoeffdingTree(this.#options, weights);
    this.#branch = { split: best, left: child(best.below), right: child(best.above) };
  }

  #bestOf(feature: number): Split | undefined {
    const values = this.#rows.map(({ x }) => x[feature]!);
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    const classes = this.#weights.map((_, k) => this.#rows.filter(({ label }) => label === k));
    const counts = classes.map((members) => members.length);
    const candidates = Array.from({ length: 10 }, (_, i) => least + (greatest - least) * ((i + 1) / 11));
    const splits = candidates.flatMap((threshold): Split[] => {
      const below = classes.map((members) => members.length * shareBelow(members, feature, threshold));
      const above = counts.map((count, k) => count - below[k]!);
      const n = sum(counts);
      if (Math.min(sum(below), sum(above)) <= 0.01 * n) return [];
      const rest = (sum(below) * entropy(below) + sum(above) * entropy(above)) / n;
      return [{ feature, threshold, gain: entropy(counts) - rest, below, above }];
    });
    return splits.sort((a, b) => b.gain - a.gain)[0];
  }
}

function momentsOf(rows: readonly Row[], j: number): { readonly mean: number; readonly variance: number } {
  const mean = sum(rows.map(({ x }) => x[j]!)) / rows.length;
  return { mean, variance: sum(rows.map(({ x }) => (x[j]! - mean) ** 2)) / (rows.length - 1) };
}

function logDensity(value: number, { mean, variance }: { readonly mean: number; readonly variance: number }): number {
  return -(Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / variance) / 2;
}

function shareBelow(rows: readonly Row[], feature: number, threshold: number): number {
  const values = rows.map(({ x }) => x[feature]!);
  if (rows.length === 0 || threshold < Math.min(...values)) return 0;
  if (threshold >= Math.max(...values)) return 1;
  const { mean, variance } = momentsOf(rows, feature);
  return normal.cdf((threshold - mean) / Math.sqrt(variance));
}

function entropy(weights: readonly number[]): number {
  const n = sum(weights);
  return -sum(weights.filter((weight) => weight > 0).map((weight) => (weight / n) * Math.log2(weight / n)));
}
