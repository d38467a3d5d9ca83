import { checkOption } from '../check-option.ts';

/** When a tree grows. */
export interface GrowthOptions {
  /** Weight that a leaf learns between two attempts to split it. Default 200. */
  readonly gracePeriod?: number;
  /** Chance that a split which looks best is not, in (0, 1). Default 1e-7. */
  readonly delta?: number;
  /** Where the bound is below this, the best two splits are taken for equally good, ≥ 0. Default 0.05. */
  readonly tau?: number;
  /** Most branches above a leaf, ≥ 0. Default 1000. */
  readonly maxDepth?: number;
  /** Memory, bytes. When it is used up, the leaves with the least to gain stop growing. Default 33,554,432. */
  readonly maxBytes?: number;
}

export const GROWTH_DEFAULTS: Required<GrowthOptions> = {
  gracePeriod: 200,
  delta: 1e-7,
  tau: 0.05,
  maxDepth: 1000,
  maxBytes: 33_554_432,
};

/** The options with their defaults. Throws `UsageError` (`bad-option`) where one is out of range. */
export function growthOptions(
  kind: string,
  options: GrowthOptions,
  defaults: Required<GrowthOptions> = GROWTH_DEFAULTS,
): Required<GrowthOptions> {
  const { gracePeriod, delta, tau, maxDepth, maxBytes } = { ...defaults, ...options };
  return {
    gracePeriod: checkOption(kind, gracePeriod > 0, gracePeriod, 'Grace period must be positive'),
    delta: checkOption(kind, delta > 0 && delta < 1, delta, 'Delta must be in range (0, 1)'),
    tau: checkOption(kind, tau >= 0, tau, 'Tau must be nonnegative'),
    maxDepth: checkOption(kind, isCount(maxDepth), maxDepth, 'Greatest depth must be a whole number of 0 or more'),
    maxBytes: checkOption(kind, maxBytes > 0, maxBytes, 'Memory must be positive'),
  };
}

export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
