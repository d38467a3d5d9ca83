import type { SavedLearner } from './saved-learner.ts';

/** A class of learners or transforms: it bears the name of their kind, and is made from their parameters. */
export interface SavedClass<T> {
  readonly name: string;
  new (params: never): T;
}

/** A learner or a transform as it is saved: without what it has learned. */
export type SavedPart = Pick<SavedLearner, 'kind' | 'params'>;

/** One as it was saved, of the class that `known` or `others` have by its kind; undefined where neither has it. */
export function madeByKind<T>(
  { kind, params }: SavedPart,
  known: Readonly<Record<string, SavedClass<T>>>,
  others: readonly SavedClass<T>[] = [],
): T | undefined {
  const type = Object.hasOwn(known, kind) ? known[kind] : others.find(({ name }) => name === kind);
  return type && new type(params as never);
}
