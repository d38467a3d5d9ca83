import { dot } from './linear.ts';

/** How many steps back the curvature is remembered. */
const MEMORY = 10;

/** A place on the way, and the gradient there. */
interface Step {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
}

/** What the last steps of a search say of the curvature. Source: Nocedal, Updating Quasi-Newton Matrices with Limited Storage, 1980. */
export class Curvature {
  readonly #pairs: { readonly moved: Float64Array; readonly turned: Float64Array; readonly product: number }[] = [];

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  clear(): void {
    this.#pairs.length = 0;
  }

  add(from: Step, to: Step): void {
    const moved = to.x.map((each, j) => each - from.x[j]!);
    const turned = to.gradient.map((each, j) => each - from.gradient[j]!);
    const product = dot(moved, turned);
    if (!(product > 0)) return;
    this.#pairs.push({ moved, turned, product });
    if (this.#pairs.length > MEMORY) this.#pairs.shift();
  }

  /** The inverse Hessian, as far as it is known, times a vector. */
  times(vector: Float64Array): Float64Array {
    const out = vector.slice();
    const shares = new Float64Array(this.#pairs.length);
    for (let i = this.#pairs.length - 1; i >= 0; i--) {
      const { moved, turned, product } = this.#pairs[i]!;
      shares[i] = dot(moved, out) / product;
      addScaled(out, -shares[i]!, turned);
    }
    const last = this.#pairs.at(-1);
    if (last !== undefined) {
      const scale = last.product / dot(last.turned, last.turned);
      for (let j = 0; j < out.length; j++) out[j] = out[j]! * scale;
    }
    this.#pairs.forEach(({ moved, turned, product }, i) => {
      addScaled(out, shares[i]! - dot(turned, out) / product, moved);
    });
    return out;
  }
}

function addScaled(into: Float64Array, scale: number, vector: Float64Array): void {
  for (let j = 0; j < into.length; j++) into[j] = into[j]! + scale * vector[j]!;
}
