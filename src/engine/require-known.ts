import { StateError } from '../errors.ts';

/** Throws `StateError` (`does-not-fit`) naming the first source or state that a checkpoint holds and the program lacks. */
export function requireKnown(what: string, ids: readonly string[], known: ReadonlyMap<string, unknown>): void {
  const id = ids.find((each) => !known.has(each));
  if (id === undefined) return;
  const names = known.size === 0 ? 'none' : [...known.keys()].join(', ');
  throw new StateError(
    'does-not-fit',
    `checkpoint: it holds the ${what} '${id}', which this program lacks (it has: ${names}); ` +
      'give it back the same id, or start with a new checkpoint directory',
    { context: { [what]: id } },
  );
}
