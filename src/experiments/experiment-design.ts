import { tokenOf } from '../batch/key-map.ts';
import { StateError } from '../errors.ts';
import type { Settings } from './sequential-test-options.ts';

/**
 * Throws `StateError` (`does-not-fit`) where a saved experiment was designed otherwise: what is promised of its p-values holds only for
 * a design that was fixed before the first look. Only new epochs may follow those that were saved.
 */
export function refuseOtherDesign(saved: Settings, now: Settings): void {
  const was = designOf(saved);
  const is = designOf({
    ...now,
    epochs: now.epochs.slice(0, saved.epochs.length),
    shares: now.shares.slice(0, saved.shares.length),
  });
  const other = Object.keys(was).find((name) => tokenOf(was[name]) !== tokenOf(is[name]));
  if (other === undefined) return;
  throw new StateError(
    'does-not-fit',
    `SequentialTest: the saved experiment has other ${other} (${JSON.stringify(was[other])}, now ` +
      `${JSON.stringify(is[other])}); an experiment ends as it was designed, so give a new one a checkpoint of its own`,
  );
}

/** All that an experiment is designed by, as plain data. */
function designOf({ metrics, epochs, shares, ...rest }: Settings): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    shares: epochs.map((name, epoch) => ({ name, shares: shares[epoch] })),
    metrics: metrics.map(({ name, options }) => ({ name, ...options })),
  };
}
