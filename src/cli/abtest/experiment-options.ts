import { type Command, InvalidArgumentError, Option } from 'commander';
import { type MetricOptions, type SequentialMethod, type SequentialTestOptions, UsageError } from '../../index.ts';
import { finiteNumber, names, wholeNumber } from '../option-values.ts';
import { capSpec, guardrailSpec, type MetricSpec, metricSpec } from './metric-spec.ts';

/** Arms as they are given; an object would sort those that are called by numbers. */
interface ArmShares {
  /** The control first. */
  readonly names: readonly string[];
  readonly shares: Readonly<Record<string, number>>;
}

export interface ExperimentOptions {
  readonly metric: readonly MetricSpec[];
  readonly guardrail?: readonly MetricSpec[];
  readonly arms: ArmShares;
  readonly unit?: string;
  readonly covariate?: string;
  readonly epoch?: string;
  readonly epochArms?: Readonly<Record<string, ArmShares['shares']>>;
  readonly time?: string;
  readonly burnIn?: string;
  readonly propensity?: string;
  readonly cap?: MetricOptions['cap'];
  readonly alpha: number;
  readonly correction: 'holm' | 'e-bh';
  readonly tunedFor?: number;
  readonly mixingVariance?: number;
  readonly maximum?: number;
  readonly spending: 'power' | 'obrien-fleming';
  readonly minimum?: number;
  readonly wholePeriod?: string;
  readonly sampleRatioAlpha: number;
}

/** The options that say what is compared, and by which test. */
export function addExperimentOptions(command: Command): Command {
  return addMethodOptions(
    command
      .option(
        '--metric <metric>',
        "what is compared: a column, 'proportion(COLUMN)', 'ratio(COLUMN/COLUMN)' or 'quantile(COLUMN, 0.9)'; may be repeated",
        collect(metricSpec),
      )
      .option(
        '--guardrail <metric>',
        "what must not get worse: 'METRIC +MARGIN' for one that must not rise by as much, 'METRIC -MARGIN' fall; may be repeated",
        collect(guardrailSpec),
      )
      .option('--arm <column>', 'which arm the unit was given')
      .option(
        '--arms <names>',
        "the arms, the control first: 'control,treatment', or with shares 'control=0.9,new=0.1'",
        arms,
      )
      .option('--unit <column>', 'whose observations are added up; without it, each line is a unit of its own')
      .option('--covariate <column>', 'what was known of the unit before; takes noise away')
      .option(
        '--cap <value>',
        "values of a unit above this count as this; 'p99' for a quantile of the first 1000 units, 'p99/500' of others",
        capSpec,
      )
      .option('--epoch <column>', 'in which epoch the unit was given its arm, where shares change; empty for --arms')
      .option(
        '--epoch-arms <shares>',
        "the shares in an epoch: 'second:control=0.5,new=0.5'; may be repeated",
        epochArms,
      )
      .option('--time <column>', 'when it was: a date, or milliseconds since 1970; default: when it is read')
      .option(
        '--propensity <column>',
        "the chance that the unit had of being given its arm, for a bandit's traffic; units are weighted by it",
      )
      .option('--burn-in <how-long>', "what a unit does at first does not count: '3' observations, or '2 days'")
      .option(
        '--minimum <units>',
        'units that each arm needs before a look counts (default: 100; 400 with --propensity)',
        wholeNumber,
      )
      .option('--whole-period <time>', "looks count only when another such time is full: '7 days'")
      .option(
        '--sample-ratio-alpha <share>',
        'chance of calling arms of the right sizes wrong, over all looks',
        finiteNumber,
        0.001,
      )
      .addOption(
        new Option('--correction <kind>', 'for several arms and metrics: chance of any false verdict, or share of them')
          .choices(['holm', 'e-bh'])
          .default('holm'),
      ),
  );
}

/** The options that say by which test; `abtest-plan` has them too. */
export function addMethodOptions(command: Command): Command {
  return command
    .option('--alpha <share>', 'chance of any false verdict, over all looks', finiteNumber, 0.05)
    .addOption(
      new Option('--tuned-for <units>', 'units at which the intervals are to be tightest (default: 5000)').argParser(
        wholeNumber,
      ),
    )
    .addOption(
      new Option('--mixing-variance <square>', 'the square of the effect that is looked for: the mixture test')
        .argParser(finiteNumber)
        .conflicts('tunedFor'),
    )
    .addOption(
      new Option('--maximum <units>', 'stop at so many units for good: a group-sequential test, more powerful')
        .argParser(wholeNumber)
        .conflicts(['tunedFor', 'mixingVariance']),
    )
    .addOption(
      new Option('--spending <rule>', 'how a group-sequential test spends alpha')
        .choices(['obrien-fleming', 'power'])
        .default('obrien-fleming'),
    );
}

export function methodOf({
  maximum,
  mixingVariance,
  tunedFor,
  spending,
}: Pick<ExperimentOptions, 'maximum' | 'mixingVariance' | 'tunedFor' | 'spending'>): SequentialMethod {
  if (maximum !== undefined) return { kind: 'group-sequential', maximum, spending };
  if (mixingVariance !== undefined) return { kind: 'mixture', mixingVariance };
  return { kind: 'asymptotic', ...(tunedFor !== undefined && { tunedFor }) };
}

/** All metrics, the guardrails last. Throws `UsageError` for one that is there twice. */
export function metricsOf({ metric, guardrail = [] }: ExperimentOptions): readonly MetricSpec[] {
  const all = [...metric, ...guardrail];
  const twice = all.find(({ name }, i) => all.findIndex((each) => each.name === name) !== i);
  if (twice !== undefined) throw new UsageError('bad-option', `--metric: '${twice.name}' is there twice`);
  return all;
}

export function sequentialTestOptions(options: ExperimentOptions): SequentialTestOptions {
  const { cap, covariate, unit, epochArms: epochs, wholePeriod, burnIn, propensity } = options;
  if (options.epoch === undefined && epochs !== undefined) {
    throw new UsageError('bad-option', '--epoch-arms: expected --epoch too, the column that names the epoch; got none');
  }
  const metrics = metricsOf(options).map(({ name, options: own }): [string, MetricOptions] => {
    const capped = cap !== undefined && own.kind !== 'quantile' && own.kind !== 'proportion';
    return [name, { ...own, ...(covariate !== undefined && { covariate: true }), ...(capped && { cap }) }];
  });
  return {
    arms: options.arms.shares,
    control: options.arms.names[0]!,
    metrics: Object.fromEntries(metrics),
    method: methodOf(options),
    alpha: options.alpha,
    correction: options.correction,
    units: unit === undefined ? 'each observation' : 'by unit',
    sampleRatioAlpha: options.sampleRatioAlpha,
    ...(options.minimum !== undefined && { minimumPerArm: options.minimum }),
    ...(epochs !== undefined && { epochs }),
    ...(propensity !== undefined && { allocation: 'by propensity' as const }),
    ...(wholePeriod !== undefined && { wholePeriod }),
    ...(burnIn !== undefined && { burnIn: /^\d+$/.test(burnIn) ? { observations: Number(burnIn) } : { time: burnIn } }),
  };
}

/** A parser for an option that may be repeated. */
function collect<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, parse(text)];
}

/** `control,treatment` or `control=0.9,treatment=0.1`. */
function arms(text: string): ArmShares {
  const parts = names(text).map((part) => part.split('='));
  const twice = parts.find(([name], i) => parts.findIndex(([each]) => each === name) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`'${twice[0]}' is there twice.`);
  const shares = parts.map(([name, share]) => [name!, share === undefined ? 1 / parts.length : finiteNumber(share)]);
  return { names: parts.map(([name]) => name!), shares: Object.fromEntries(shares) };
}

/** `epoch:control=0.9,treatment=0.1` */
function epochArms(
  text: string,
  before: ExperimentOptions['epochArms'] = {},
): NonNullable<ExperimentOptions['epochArms']> {
  const colon = text.indexOf(':');
  if (colon < 1)
    throw new InvalidArgumentError("Expected the name of an epoch and its shares: 'second:old=0.5,new=0.5'.");
  return { ...before, [text.slice(0, colon)]: arms(text.slice(colon + 1)).shares };
}
