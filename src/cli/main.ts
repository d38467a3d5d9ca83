#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerAbtest } from './abtest.ts';
import { registerAbtestPlan } from './abtest-plan.ts';
import { registerCompare } from './compare.ts';
import { registerDemo } from './demo.ts';
import { exitCodeOf, reportError } from './exit.ts';
import { registerFit } from './fit.ts';
import { registerInspect } from './inspect.ts';
import { registerPublish } from './publish.ts';
import { registerScore } from './score.ts';
import { registerTrain } from './train.ts';

const { version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const program = new Command('millrace')
  .description(description)
  .version(version)
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });

// Every command is a file that registers itself.
registerTrain(program);
registerFit(program);
registerScore(program);
registerCompare(program);
registerAbtest(program);
registerAbtestPlan(program);
registerPublish(program);
registerInspect(program);
registerDemo(program);

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`millrace: can't write to standard output (${error.message})\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) reportError(error);
  process.exitCode = exitCodeOf(error);
}

/** `error: unknown option '--x'\n(Did you mean --y?)` as one line of ours. */
function oneLine(text: string): string {
  return `${text
    .trim()
    .replace(/^error: /, 'millrace: ')
    .replaceAll('\n', ' ')}\n`;
}
