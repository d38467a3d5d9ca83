#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCodeOf, reportError } from './exit.ts';

const { version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Every command is a file that registers itself. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  train: async () => (await import('./train.ts')).registerTrain,
  fit: async () => (await import('./fit.ts')).registerFit,
  score: async () => (await import('./score.ts')).registerScore,
  compare: async () => (await import('./compare.ts')).registerCompare,
  abtest: async () => (await import('./abtest.ts')).registerAbtest,
  'abtest-plan': async () => (await import('./abtest-plan.ts')).registerAbtestPlan,
  publish: async () => (await import('./publish.ts')).registerPublish,
  inspect: async () => (await import('./inspect.ts')).registerInspect,
  demo: async () => (await import('./demo.ts')).registerDemo,
};

const program = new Command('millrace')
  .description(description)
  .version(version)
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) });

// A command that is asked for is loaded alone: all of them take longer than the work of many.
const asked = process.argv[2] ?? '';
const loaded = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]!] : Object.values(COMMANDS);
for (const register of await Promise.all(loaded.map((load) => load()))) register(program);

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
