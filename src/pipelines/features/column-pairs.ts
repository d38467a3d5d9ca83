import { UsageError } from '../../errors.ts';
import type { Stage } from '../stage.ts';

/** A column that a stage reads and the one that it makes of it. */
export interface ColumnPair {
  readonly input: string;
  readonly output: string;
}

/**
 * The columns of a stage that works on one (`inputCol`, `outputCol`) or several (`inputCols`, `outputCols`).
 * Throws `UsageError` (`bad-option`) unless exactly one of the two is set, and as many outputs as inputs.
 */
export function columnPairs(stage: Stage): readonly ColumnPair[] {
  const { inputCol, inputCols, outputCols } = stage.set as Record<string, unknown>;
  if ((inputCol === undefined) === (inputCols === undefined)) {
    throw new UsageError('bad-option', `${stage.uid}: expected one of inputCol and inputCols, and not both`);
  }
  if (inputCol !== undefined) return [{ input: inputCol as string, output: stage.get('outputCol') as string }];
  const [inputs, outputs] = [inputCols as readonly string[], (outputCols ?? []) as readonly string[]];
  if (inputs.length !== outputs.length) {
    throw new UsageError(
      'bad-option',
      `${stage.uid}: expected as many outputCols as inputCols, got ${outputs.length} for ${inputs.length}`,
    );
  }
  return inputs.map((input, i) => ({ input, output: outputs[i]! }));
}
