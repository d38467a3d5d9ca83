import { featureCases } from './feature-cases.ts';
import type { InteropCase } from './interop-case.ts';
import { modelCases } from './model-cases.ts';

/** All cases; a new stage's go into the list of its family. */
export const cases: readonly InteropCase[] = [...featureCases, ...modelCases];
