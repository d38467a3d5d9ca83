import type { DStream, Observation } from '../../index.ts';
import type { CsvStream } from '../stream-source.ts';
import { LineFields } from './line-fields.ts';
import type { MetricSpec } from './metric-spec.ts';

/** Which columns an observation is made from. */
export interface ObservationColumns {
  readonly arm: string;
  readonly unit?: string;
  readonly covariate?: string;
  readonly epoch?: string;
  readonly time?: string;
}

/** An observation of each metric from each CSV line. Throws `UsageError` for a name that is no column. */
export function observationsOf(
  lines: CsvStream,
  wanted: ObservationColumns,
  metrics: readonly MetricSpec[],
  arms: readonly string[],
): DStream<Observation> {
  const fields = new LineFields(lines.columns);
  const readers = metrics.map((metric) => reader(fields, wanted, metric, arms));
  const [only] = readers;
  if (readers.length === 1) {
    return lines.map((line) => {
      fields.read(line);
      return only!();
    });
  }
  return lines.flatMap((line) => {
    fields.read(line);
    return readers.map((read, m): Observation => ({ ...read(), metric: metrics[m]!.name }));
  });
}

/** Reads the observation of one metric from the line under way. */
function reader(
  fields: LineFields,
  wanted: ObservationColumns,
  metric: MetricSpec,
  arms: readonly string[],
): () => Observation {
  const at = (option: string, name: string | undefined) => (name === undefined ? -1 : fields.indexOf(name, option));
  const [arm, unit] = [at('arm', wanted.arm), at('unit', wanted.unit)];
  const [value, denominator] = [at('metric', metric.column), at('metric', metric.denominator)];
  const [covariate, epoch, time] = [
    at('covariate', wanted.covariate),
    at('epoch', wanted.epoch),
    at('time', wanted.time),
  ];
  return () => {
    // One literal, to which the rarer fields are added: millions of these are made, and spreading takes several times as long.
    const name = fields.oneOf(arm, arms) ?? fields.text(arm);
    const observation: { -readonly [Key in keyof Observation]: Observation[Key] } =
      unit < 0
        ? { arm: name, value: fields.number(value) }
        : { arm: name, unit: fields.text(unit), value: fields.number(value) };
    if (denominator >= 0) observation.denominator = fields.number(denominator);
    if (covariate >= 0) observation.covariate = fields.number(covariate);
    if (epoch >= 0) observation.epoch = fields.text(epoch);
    if (time >= 0) observation.time = fields.time(time);
    return observation;
  };
}
