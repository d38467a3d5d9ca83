import { type Command, Option } from 'commander';
import { type PlanOptions, plan, type SequentialMethod, type Tuning, tune, unitsPerArm } from '../index.ts';
import { addMethodOptions, type ExperimentOptions, methodOf } from './abtest/experiment-options.ts';
import { finiteNumber, wholeNumber } from './option-values.ts';
import { requireOption } from './stream-command.ts';

type Options = Pick<ExperimentOptions, 'alpha' | 'tunedFor' | 'mixingVariance' | 'maximum' | 'spending'> &
  Pick<PlanOptions, 'effect' | 'deviation' | 'looks'> & {
    readonly units: number;
    readonly tune?: 'asymptotic' | 'mixture';
  };

export function registerAbtestPlan(program: Command): void {
  const command = program
    .command('abtest-plan')
    .summary('foretell the power of an A/B test, and when it will stop')
    .description('Foretell by simulation how surely an A/B test of two arms finds an effect, and how soon.');
  requireOption(command, 'effect', 'the effect that is to be found');
  requireOption(command, 'units', 'the units that come in each arm between looks');
  addMethodOptions(
    command
      .option(
        '--effect <size>',
        'the effect that is to be found, absolute; 0 gives the rate of false alarms',
        finiteNumber,
      )
      .option('--deviation <size>', "standard deviation of a unit's value", finiteNumber, 1)
      .option('--units <units>', 'units that come in each arm between looks', wholeNumber)
      .option('--looks <n>', 'looks after which one gives up', wholeNumber, 100),
  )
    .addOption(
      new Option('--tune <kind>', 'look for the setting that finds the effect soonest')
        .choices(['asymptotic', 'mixture'])
        .conflicts(['tunedFor', 'mixingVariance', 'maximum']),
    )
    .addHelpText('after', EXAMPLES)
    .action(abtestPlan);
}

function abtestPlan(options: Options): void {
  const { effect, deviation, units: perArmAndLook, looks, alpha } = options;
  const setting = { effect, deviation, perArmAndLook, looks, alpha };
  const { method, plan: found } = options.tune === undefined ? untuned(setting, options) : tune(setting, options.tune);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const units = Math.round(found.meanStop * 2 * perArmAndLook);
  process.stdout.write(
    [
      `method     ${methodText(method)}`,
      `power      ${percent(found.power)} at ${looks} looks, whenever one stops`,
      `mean stop  look ${found.meanStop.toFixed(1)}, at ${units} units in two arms`,
      `one look   ${percent(found.fixedPower)} for a test that looks once, at the end`,
      ...(effect === 0
        ? []
        : [`           which needs ${unitsPerArm(effect, deviation, 0.8, alpha)} units an arm for 80 %`]),
      '',
    ].join('\n'),
  );
}

function untuned(setting: Omit<PlanOptions, 'method'>, options: Options): Tuning {
  const method = methodOf(options);
  return { method, plan: plan({ ...setting, method }) };
}

/** The method as options of `abtest`. */
function methodText(method: SequentialMethod): string {
  switch (method.kind) {
    case 'asymptotic':
      return `--tuned-for ${method.tunedFor ?? 5000}`;
    case 'mixture':
      return `--mixing-variance ${Number(method.mixingVariance.toPrecision(4))}`;
    case 'group-sequential':
      return `--maximum ${method.maximum} --spending ${method.spending}`;
  }
}

const EXAMPLES = `
Examples:
  $ millrace abtest-plan --effect 0.05 --units 50 --looks 200
  $ millrace abtest-plan --effect 0.05 --units 50 --looks 200 --tune asymptotic
  $ millrace abtest-plan --effect 0.05 --units 500 --looks 20 --maximum 20000`;
