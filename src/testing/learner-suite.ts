import type { Check } from './check.ts';
import { learningLaws } from './learner-laws/learning.ts';
import type { LearnerSubject } from './learner-laws/material.ts';
import { refusalLaws } from './learner-laws/refusals.ts';
import { stateLaws } from './learner-laws/state.ts';

export type { LearnerSubject } from './learner-laws/material.ts';

/** The laws of `contracts/learner.ts`. */
export function* learnerSuite(subject: LearnerSubject): Iterable<Check> {
  yield* learningLaws(subject);
  yield* stateLaws(subject);
  yield* refusalLaws(subject);
}
