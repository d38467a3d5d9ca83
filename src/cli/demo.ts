import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { type DemoOptions, runDemo } from './demo/demo.ts';

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .summary('train, score and compare on 50,000 real flights; what npm start runs')
    .description(
      'Publish 50,000 flights on a local socket, train k-means with four decay factors and a regression on them, score a ' +
        'fifth that is held back, and write models, scores, a plot and a report.',
    )
    .option('--out <directory>', 'where models, scores, plot and report go', 'out')
    .option('--batch-duration <time>', 'time between batches', '50 ms')
    .option('--checkpoint <directory>', 'commit every batch here, and go on from there when started again')
    .option('--connect <host:port>', 'take the flights from `millrace publish --resume` there', address)
    .addHelpText('after', EXAMPLES)
    .action((options: DemoOptions) => runDemo(options));
}

function address(text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) throw new InvalidArgumentError('Expected HOST:PORT.');
  return { host, port: Number(port) };
}

const EXAMPLES = `
Examples:
  $ millrace demo

  Killed at any moment and started again, it ends with the same models to the bit:
  $ millrace demo --checkpoint demo-checkpoint`;
