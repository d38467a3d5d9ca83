import { Batch } from '../batch/batch.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import type { DStream } from '../dstream/dstream.ts';
import { DataError, StateError, UsageError } from '../errors.ts';
import { refuseOtherDesign } from './experiment-design.ts';
import type { ExperimentLog, Look } from './experiment-log.ts';
import { Names } from './names.ts';
import type { Observation } from './observation.ts';
import { ObservationColumns } from './observation-columns.ts';
import { Samples } from './samples.ts';
import type { SequentialResult } from './sequential-result.ts';
import { type SequentialTestOptions, type Settings, settingsOf } from './sequential-test-options.ts';
import { MOST_FETCHED } from './unit-table.ts';
import { Verdict } from './verdict.ts';

/** Called for an observation that can't be used. Throws to fail the batch, or returns to go on without it. */
type Refuse = (observation: Observation, error: DataError, position: number) => void;

/**
 * An A/B test that one may watch: whenever one stops, and however often one looked before, at most α of all experiments where
 * nothing happens are said to have an effect, and the intervals of all looks together cover the effect in 1 − α
 * (`test/experiments/sequential-error-rates.test.ts`).
 *
 * Units, not events, are compared: what one user does is added up, as their events are not independent. A verdict, once given,
 * stays; p-values never rise, and where each observation is a unit, intervals only shrink. With too few units, or arms of wrong sizes,
 * there is no verdict, and the result says why. Arms that change their shares need an epoch for each (`epochs`); shares that follow what
 * was seen, a bandit's, need the propensity of each unit (`allocation`). The design is frozen when the experiment begins: a checkpoint
 * of another one is refused.
 *
 * Cost: O(1) an observation, O(arms · metrics) a look. Memory: O(looks), as each is kept for the audit, and O(units) unless each
 * observation is a unit.
 */
export class SequentialTest implements ChangingState {
  readonly #options: SequentialTestOptions;
  readonly #settings: Settings;
  readonly #samples: Samples;
  readonly #verdict: Verdict;
  readonly #newColumns: (capacity?: number) => ObservationColumns;
  /** Where observations that are objects become columns. */
  readonly #buffer: ObservationColumns;
  /** Every look, oldest first. */
  #looks: Look[] = [];
  #committedLooks = 0;
  /** Whether the saved options lack epochs of these. */
  #hasNewEpochs = false;
  #id: string | undefined;

  constructor(options: SequentialTestOptions) {
    const settings = settingsOf(options);
    this.#options = structuredClone(options);
    this.#settings = settings;
    this.#samples = new Samples(settings);
    this.#verdict = new Verdict(settings);
    const names = {
      arms: new Names('arm', settings.arms),
      metrics: new Names(
        'metric',
        settings.metrics.map(({ name }) => name),
      ),
      epochs: new Names('epoch', settings.epochs),
    };
    this.#newColumns = (capacity) => new ObservationColumns(names, settings, capacity);
    this.#buffer = this.#newColumns(MOST_FETCHED);
  }

  /** Names the experiment in the checkpoint. Default `SequentialTest`. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  /**
   * Takes in a batch, and looks once. `time`: milliseconds since 1970. Throws `DataError` for an observation that can't be used, or
   * where values are too large to be squared and added up, and `UsageError` for columns of another experiment or with gaps; it is then
   * as before.
   */
  update(observations: Iterable<Observation | ObservationColumns>, time = 0): SequentialResult {
    try {
      const result = this.#update(observations, time, (_, error) => {
        throw error;
      });
      this.keepChanges();
      return result;
    } catch (error) {
      this.undoChanges();
      throw error;
    }
  }

  /** Empty columns for observations of this experiment: to fill, and to give to `update` or to the stream, where there are millions. */
  columns(capacity?: number): ObservationColumns {
    return this.#newColumns(capacity);
  }

  /** One result a batch. What is observed is committed with the batch. */
  registerStream(observations: DStream<Observation | ObservationColumns>): DStream<SequentialResult> {
    const results: DStream<SequentialResult> = observations.deriveBatches(
      'SequentialTest',
      (batch, context) => Batch.of([this.#update(batch.collect(), context.time, refusing(context, results))]),
      { state: this },
    );
    return this.#id === undefined ? results : results.id(this.#id);
  }

  result(): SequentialResult {
    return this.#verdict.result(this.#samples.totals());
  }

  /** Every look so far, oldest first: what was known when, and what it was made from. */
  looks(): readonly Look[] {
    return this.#looks;
  }

  /** The options and every look: all that an audit needs (`auditLooks`). */
  log(): ExperimentLog {
    return { options: this.#options, looks: [...this.#looks] };
  }

  /** Units that are remembered. */
  get size(): number {
    return this.#samples.size;
  }

  /** Metrics: `pValue`, the smallest after correction, and `units`. */
  metrics(): Readonly<Record<string, number>> {
    const { comparisons, arms } = this.result();
    const units = arms.reduce((sum, arm) => sum + arm.units, 0);
    return { pValue: Math.min(...comparisons.map(({ adjustedPValue }) => adjustedPValue)), units };
  }

  #update(observations: Iterable<Observation | ObservationColumns>, time: number, refuse: Refuse): SequentialResult {
    const buffer = this.#buffer;
    let latest = Number.NEGATIVE_INFINITY;
    const add = (columns: ObservationColumns) => {
      this.#samples.add(columns, time);
      latest = Math.max(latest, columns.latestTime());
    };
    const addBuffered = () => {
      if (buffer.length > 0) add(buffer);
      buffer.clear();
    };
    buffer.clear();
    let position = 0;
    for (const each of observations) {
      if (each instanceof ObservationColumns) {
        this.#checkColumns(each);
        addBuffered();
        add(each);
      } else {
        this.#buffered(each, position, refuse);
        if (buffer.length === MOST_FETCHED) addBuffered();
      }
      position++;
    }
    addBuffered();
    this.#samples.endBatch();
    const totals = this.#samples.totals();
    this.#verdict.look(Number.isFinite(latest) ? latest : time, totals);
    const result = this.#verdict.result(totals);
    this.#looks.push({ ...result, totals });
    return result;
  }

  #checkColumns(columns: ObservationColumns): void {
    if (columns.names !== this.#buffer.names) {
      throw new UsageError(
        'bad-option',
        'SequentialTest: expected columns of its own `columns()`, got those of another',
      );
    }
    columns.checkWhole();
  }

  #buffered(observation: Observation, position: number, refuse: Refuse): void {
    try {
      this.#buffer.push(observation);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      refuse(observation, error, position);
    }
  }

  // What is saved

  changes(): SnapshotRecord {
    return {
      ...(this.#hasNewEpochs && { options: this.#plainOptions() }),
      samples: this.#samples.changes(),
      verdict: this.#verdict.changes(),
      looks: this.#looks.slice(this.#committedLooks),
    };
  }

  applyChanges(changes: SnapshotRecord): void {
    this.#samples.applyChanges(changes['samples'] as SnapshotRecord);
    this.#verdict.applyChanges(changes['verdict'] as SnapshotRecord);
    this.#looks.push(...(changes['looks'] as Look[]));
    this.#committedLooks = this.#looks.length;
  }

  keepChanges(): void {
    this.#samples.keepChanges();
    this.#verdict.keepChanges();
    this.#hasNewEpochs = false;
    this.#committedLooks = this.#looks.length;
  }

  undoChanges(): void {
    this.#samples.undoChanges();
    this.#verdict.undoChanges();
    this.#looks.length = this.#committedLooks;
  }

  snapshot(): SnapshotRecord {
    return {
      options: this.#plainOptions(),
      samples: this.#samples.snapshot(),
      verdict: this.#verdict.snapshot(),
      looks: [...this.#looks],
    };
  }

  restore(snapshot: SnapshotRecord): void {
    const { options, samples, verdict, looks } = snapshot;
    if (options === undefined || samples === undefined || verdict === undefined || !Array.isArray(looks)) {
      throw new StateError('does-not-fit', 'SequentialTest: expected a saved experiment, got something else');
    }
    const saved = settingsOf(options as unknown as SequentialTestOptions);
    refuseOtherDesign(saved, this.#settings);
    this.#hasNewEpochs = saved.epochs.length < this.#settings.epochs.length;
    this.#samples.restore(samples as SnapshotRecord);
    this.#verdict.restore(verdict as SnapshotRecord);
    this.#looks = [...(looks as Look[])];
    this.#committedLooks = this.#looks.length;
  }

  #plainOptions(): SnapshotRecord {
    return JSON.parse(JSON.stringify(this.#options));
  }
}

function refusing(context: BatchContext, stream: DStream<SequentialResult>): Refuse {
  return (observation, error, position) => {
    context.reject(error, { operator: stream.node.name, position: String(position), record: observation });
  };
}
