import type { PlanRequest } from '../../src/contracts/source.ts';

/** What a batch asks of a source where nothing limits it. */
export const unlimited: PlanRequest = { batchTime: 0, maxRecords: Number.POSITIVE_INFINITY };
