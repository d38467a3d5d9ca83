import type { ArmEstimate } from './effect.ts';

/** All that a look is made from: with it and the options, the look can be made again. */
export type LookTotals = {
  /** Units by epoch, then by arm. */
  readonly counts: readonly (readonly number[])[];
  /** Units that were seen in more than one arm. */
  readonly crossed: number;
  /** By metric, whether its cap or its quantile is still looked for. */
  readonly waiting: readonly boolean[];
  /** By metric, then by arm; null where some arm has too few units. */
  readonly estimates: readonly (readonly ArmEstimate[] | null)[];
  /** By arm, where units are weighted: how many of the same weight tell as much, (Σ w)² / Σ w². */
  readonly effectiveUnits?: readonly number[];
  /** The logarithm of what speaks against the propensities, where units are weighted by them. */
  readonly propensityEvidence?: number;
};

/** Units by arm, over all epochs. */
export function unitsByArm({ counts }: LookTotals): readonly number[] {
  return counts[0]!.map((_, arm) => counts.reduce((sum, epoch) => sum + epoch[arm]!, 0));
}
