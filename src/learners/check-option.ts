import { UsageError } from '../errors.ts';

/** The value, if it is valid. Throws `UsageError` (`bad-option`) naming the learner and the rule that the value breaks. */
export function checkOption<V>(kind: string, valid: boolean, value: V, rule: string): V {
  if (valid) return value;
  throw new UsageError('bad-option', `${kind}: ${rule} but got ${value}`);
}

/** The factor of a `decay`, if it is one. Throws `UsageError` (`bad-option`) naming the learner. */
export function checkDecay(kind: string, factor: number): number {
  return checkOption(kind, factor >= 0 && factor <= 1, factor, 'Factor of a decay must be in range [0, 1]');
}
