/** Shares of a stake that are bet: 1/2, 1/4, …, 1/1024. Whatever is wrong, one of them suits it. */
const STAKES = Float64Array.from({ length: 10 }, (_, i) => 2 ** -(i + 1));

/**
 * How strongly the arms that units came to speak against the propensities that were told: for traffic that follows what was seen,
 * what the sample-ratio check is for fixed shares. At most α of all experiments whose propensities are true ever see the evidence at
 * ln(1/α) or above, exactly, however often one looks.
 *
 * A unit is worth 1 / propensity to the arm that it came to and 0 to the others, which is 1 on average. So whoever bets a share s on an
 * arm with every unit, and has Π (1 + s (worth − 1)) times the stake in the end, gains nothing on average. The evidence is the
 * logarithm of the mean over arms and shares. An arm with too few units need not be bet against: another has too many.
 * Law: `test/experiments/bandit.test.ts`. Source: Shafer, Testing by Betting, 2021; Ville, 1939.
 */
export class PropensityCheck {
  readonly #arms: number;
  /** By arm: units, and by share the logarithm of what those units have won. */
  readonly #state: Float64Array;

  constructor(arms: number) {
    this.#arms = arms;
    this.#state = new Float64Array(arms * (1 + STAKES.length));
  }

  /** Counts a unit that came to an arm. `weight`: 1 / propensity. */
  add(arm: number, weight: number): void {
    const at = arm * (1 + STAKES.length);
    this.#state[at]! += 1;
    for (let i = 0; i < STAKES.length; i++) this.#state[at + 1 + i]! += Math.log1p(STAKES[i]! * (weight - 1));
  }

  /** The logarithm of the evidence. */
  evidence(): number {
    const width = 1 + STAKES.length;
    const units = Array.from({ length: this.#arms }, (_, arm) => this.#state[arm * width]!);
    const all = units.reduce((sum, each) => sum + each, 0);
    const logs = units.flatMap((own, arm) =>
      Array.from(STAKES, (stake, i) => this.#state[arm * width + 1 + i]! + (all - own) * Math.log1p(-stake)),
    );
    const greatest = Math.max(...logs);
    return greatest + Math.log(logs.reduce((sum, each) => sum + Math.exp(each - greatest), 0) / logs.length);
  }

  /** A copy of all of it. */
  values(): Float64Array {
    return this.#state.slice();
  }

  restore(values: Float64Array): void {
    this.#state.set(values);
  }
}
