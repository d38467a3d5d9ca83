import { UsageError } from '../errors.ts';

/** The value, if it is valid. Throws `UsageError` (`bad-option`) naming the learner and the rule that the value breaks. */
export function checkOption<V>(kind: string, valid: boolean, value: V, rule: string): V {
  if (valid) return value;
  throw new UsageError('bad-option', `${kind}: ${rule} but got ${value}`);
}
