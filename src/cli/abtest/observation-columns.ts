import { DataError, type DStream, type ObservationColumns, type SequentialTest } from '../../index.ts';
import type { CsvStream } from '../stream-source.ts';
import { LineFields } from './line-fields.ts';
import type { MetricSpec } from './metric-spec.ts';

/** Which columns an observation is made from. */
export interface WantedColumns {
  readonly arm: string;
  readonly unit?: string;
  readonly covariate?: string;
  readonly epoch?: string;
  readonly time?: string;
  readonly propensity?: string;
}

/** An observation of each metric from each CSV line, as columns of the experiment. Throws `UsageError` for a name that is no column. */
export function observationsOf(
  lines: CsvStream,
  wanted: WantedColumns,
  metrics: readonly MetricSpec[],
  experiment: SequentialTest,
): DStream<ObservationColumns> {
  const fields = new LineFields(lines.columns);
  const reader = new ObservationReader(fields, wanted, metrics);
  return lines.mapBlocks('observations', (block, refuse) => {
    const observations = experiment.columns(block.length * metrics.length);
    for (let line = 0; line < block.length; line++) {
      try {
        fields.read(block, line);
        reader.read(observations);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        refuse(line, error);
      }
    }
    return observations;
  });
}

/** Reads the observations of one line. */
class ObservationReader {
  readonly #fields: LineFields;
  readonly #arm: number;
  readonly #unit: number;
  readonly #covariate: number;
  readonly #epoch: number;
  readonly #time: number;
  readonly #propensity: number;
  /** By metric: the columns of its value and its denominator. */
  readonly #columns: readonly (readonly [value: number, denominator: number])[];
  /** What the line under way has there. */
  readonly #numbers: [value: number, denominator: number][];
  /** The names of the arms, as bytes. */
  #arms: readonly Buffer[] | undefined;

  constructor(fields: LineFields, wanted: WantedColumns, metrics: readonly MetricSpec[]) {
    const at = (option: string, name: string | undefined) => (name === undefined ? -1 : fields.indexOf(name, option));
    this.#fields = fields;
    this.#arm = at('arm', wanted.arm);
    this.#unit = at('unit', wanted.unit);
    this.#columns = metrics.map(({ column, denominator }) => [at('metric', column), at('metric', denominator)]);
    this.#numbers = metrics.map(() => [0, 0]);
    this.#covariate = at('covariate', wanted.covariate);
    this.#epoch = at('epoch', wanted.epoch);
    this.#time = at('time', wanted.time);
    this.#propensity = at('propensity', wanted.propensity);
  }

  /** Adds an observation of each metric of the line under way. Throws `DataError` for a bad line, of which none is added. */
  read(into: ObservationColumns): void {
    const fields = this.#fields;
    const arm = this.#armOf(into);
    const epoch = this.#epoch < 0 ? 0 : into.names.epochs.indexOf(fields.text(this.#epoch));
    const covariate = this.#covariate < 0 ? 0 : fields.number(this.#covariate);
    const time = this.#time < 0 ? 0 : fields.time(this.#time);
    const propensity = this.#propensity < 0 ? 0 : fields.propensity(this.#propensity);
    for (let m = 0; m < this.#columns.length; m++) {
      const [value, denominator] = this.#columns[m]!;
      this.#numbers[m]![0] = fields.number(value);
      if (denominator >= 0) this.#numbers[m]![1] = fields.number(denominator);
    }
    for (let m = 0; m < this.#columns.length; m++) {
      into.begin(arm, m, epoch, this.#numbers[m]![0]);
      if (this.#unit >= 0) fields.pushTo(into.units, this.#unit);
      if (this.#columns[m]![1] >= 0) into.tell('denominator', this.#numbers[m]![1]);
      if (this.#covariate >= 0) into.tell('covariate', covariate);
      if (this.#time >= 0) into.tell('time', time);
      if (this.#propensity >= 0) into.tell('propensity', propensity);
    }
  }

  #armOf({ names: { arms } }: ObservationColumns): number {
    this.#arms ??= arms.all().map((name) => Buffer.from(name));
    const arm = this.#fields.oneOf(this.#arm, this.#arms);
    return arm >= 0 ? arm : arms.indexOf(this.#fields.text(this.#arm));
  }
}
