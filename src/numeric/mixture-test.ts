/** A difference that was measured, with what is known of its error. */
export type Effect = {
  readonly estimate: number;
  readonly standardError: number;
  /** How many it was measured on: of two arms, the units of both. */
  readonly n: number;
};

/** What a sequential test says of an effect at one look. */
export interface Evidence {
  /** Always valid: at most α of all experiments where nothing happens ever see it at α or below. */
  readonly pValue: number;
  /** Of the interval around the estimate. The intervals of all looks together cover the effect in 1 − α of all experiments. */
  readonly halfWidth: number;
}

/**
 * The mixture sequential probability ratio test: valid at every look, however many there are and whenever one stops.
 *
 * With V = se², D = estimate and the mixing variance τ²: Λ = √(V / (V + τ²)) · exp(τ² D² / (2 V (V + τ²))), p = min(1, 1/Λ),
 * half-width = √(V (V + τ²) / τ² · (2 ln(1/α) + ln((V + τ²) / V))).
 *
 * `mixingVariance`: τ² > 0, the size of effects that one looks for, squared; the test is valid for any, and fastest where it is
 * right. It must be set before the first look. Source: Johari, Koomen, Pekelis & Walsh, Always Valid Inference, 2022.
 */
export function mixtureTest(effect: Effect, mixingVariance: number, alpha: number): Evidence {
  const V = effect.standardError ** 2;
  return mixtureEvidence(effect.estimate, V, mixingVariance / V, alpha);
}

/**
 * The asymptotic confidence sequence: as `mixtureTest`, with τ² = ρ² V N, so that no size of effect must be known, but a number of
 * samples at which the interval is to be tightest: ρ² = (−2 ln α + ln(−2 ln α + 1)) / `tunedFor`.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Time-uniform Central Limit Theory, 2024, equation 9.
 */
export function asymptoticTest(effect: Effect, tunedFor: number, alpha: number): Evidence {
  const share = rho(alpha, tunedFor) ** 2 * effect.n;
  return mixtureEvidence(effect.estimate, effect.standardError ** 2, share, alpha);
}

/** The parameter of the asymptotic confidence sequence that makes it tightest at `tunedFor` samples. */
export function rho(alpha: number, tunedFor: number): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log(twice + 1)) / tunedFor);
}

/** `share`: τ² / V. */
function mixtureEvidence(estimate: number, V: number, share: number, alpha: number): Evidence {
  const logRatio = ((share / (1 + share)) * estimate ** 2) / (2 * V) - 0.5 * Math.log1p(share);
  return {
    pValue: Math.min(1, Math.exp(-logRatio)),
    halfWidth: Math.sqrt(V * ((1 + share) / share) * (Math.log1p(share) - 2 * Math.log(alpha))),
  };
}
