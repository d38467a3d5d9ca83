import { isSparseRows } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../batch/snapshot.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { MillraceError, messageOf, StateError } from '../../errors.ts';
import { type AnyOnlineLearner, restoredLearner } from '../../learners/load-learner.ts';
import { matrixOfWidth } from '../features/scaled-columns.ts';
import type { OptionsOf } from '../params/param.ts';
import { featuresCol, predictionCol } from '../params/shared-params.ts';
import { type RowOf, string } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage } from '../stage.ts';

const PARAMS = { ...featuresCol, ...predictionCol };

const LEARNED = { kind: string, params: string, state: string };

export type FrozenLearnerOptions = OptionsOf<typeof PARAMS>;

/**
 * An online learner as it was when it was frozen, as a stage of a pipeline: it predicts, and learns no more.
 *
 *     const stage = FrozenLearner.of(kMeans, { featuresCol: 'scaled' });
 *     await new PipelineModel({ stages: [assembler, scaler, stage] }).save('models/segments/1');
 *
 * Rows with a feature that is not finite are bad rows. Cost: that of the learner.
 */
export class FrozenLearner extends ModelStage<RowOf<typeof LEARNED>, typeof PARAMS> {
  static readonly className = 'millrace.FrozenLearner';
  static readonly params = PARAMS;
  #learner: AnyOnlineLearner | undefined;

  /** What the learner has learned is copied. Throws `StateError` (`unknown-format`) for a learner that `loadLearner` does not know. */
  static of(learner: AnyOnlineLearner, options: FrozenLearnerOptions = {}): FrozenLearner {
    const text = (record: SnapshotRecord) => snapshotToText(record, 'readable');
    const [params, state] = [text(learner.params()), text(learner.snapshot())];
    const stage = new FrozenLearner({ kind: learner.kind, params, state }, options);
    stage.thawed(); // now, not in the first batch
    return stage;
  }

  static override async restore(saved: SavedStage): Promise<FrozenLearner> {
    const stage = new FrozenLearner(await saved.row(LEARNED), saved.options(PARAMS), saved.uid);
    try {
      stage.thawed(); // now, not in the first batch
    } catch (error) {
      throw error instanceof SyntaxError ? saved.damaged('a learner as JSON', error.message) : error;
    }
    return stage;
  }

  /** A learner that goes on from here, apart from this stage. */
  thawed(): AnyOnlineLearner {
    const { kind, params, state } = this.learned;
    try {
      const record = (text: string) => snapshotFromText(text) as SnapshotRecord;
      return restoredLearner({ kind, params: record(params), state: record(state) }, this.uid);
    } catch (cause) {
      if (cause instanceof MillraceError) throw cause;
      throw new StateError('damaged', `${this.uid}: expected a saved ${kind} (${messageOf(cause)})`, { cause });
    }
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return schema.with({ name: this.get('predictionCol'), type: 'double' });
  }

  protected transformChecked(table: Table): Table {
    this.#learner ??= this.thawed();
    const matrix = matrixOfWidth(table, this.get('featuresCol'), this.#learner.width, this.uid);
    const features = isSparseRows(matrix) ? toDense(matrix) : matrix;
    const bad = features.columns.some((column) => column.some((value) => !Number.isFinite(value)));
    if (bad) throw table.badRows(this.uid, (i) => notFinite(features.columns, i));
    const values = matrix.rows === 0 ? new Float64Array() : this.#learner.predict(features);
    return table.withColumn(this.get('predictionCol'), { type: 'double', values });
  }
}

function notFinite(columns: readonly Float64Array[], row: number): string | undefined {
  const j = columns.findIndex((column) => !Number.isFinite(column[row]));
  return j < 0 ? undefined : `feature ${j}: expected a finite number, got ${columns[j]![row]}`;
}
