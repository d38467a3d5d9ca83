import { nextNormal, type Random } from '../../host/random.ts';
import { nextUniforms } from './row-generator.ts';

/** Points in the cube [0, side]^d, which can move in straight lines and bounce off its walls, or jump. */
export class MovingPoints {
  readonly positions: number[][];
  readonly #velocities: number[][];
  readonly #side: number;
  readonly #random: Random;

  /** Draws every point uniformly from the cube, and its direction uniformly from all directions; `speed` per step. */
  constructor(random: Random, count: number, dimension: number, side: number, speed: number) {
    this.#random = random;
    this.#side = side;
    this.positions = Array.from({ length: count }, () => this.#place(dimension));
    this.#velocities = this.positions.map(() => {
      const direction = Array.from({ length: dimension }, () => nextNormal(random));
      const length = Math.hypot(...direction);
      return direction.map((x) => (x * speed) / length);
    });
  }

  /** Moves the first `count` points by one step; all where there are fewer. */
  step(count = this.positions.length): void {
    for (let p = 0; p < Math.min(count, this.positions.length); p++) {
      const position = this.positions[p]!;
      const velocity = this.#velocities[p]!;
      for (let i = 0; i < position.length; i++) {
        const moved = position[i]! + velocity[i]!;
        if (moved < 0 || moved > this.#side) velocity[i] = -velocity[i]!;
        else position[i] = moved;
      }
    }
  }

  /** Draws new positions for all points. */
  jump(): void {
    for (const [p, { length }] of this.positions.entries()) this.positions[p] = this.#place(length);
  }

  #place(dimension: number): number[] {
    return nextUniforms(this.#random, dimension).map((u) => this.#side * u);
  }
}
