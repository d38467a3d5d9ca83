import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { EvaluationResults } from '../../src/index.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

it('the program of the how-to runs, notices the drift, and beats the baselines', async () => {
  const page = await readFile(new URL('../../docs/how-to/evaluate-a-learner.md', import.meta.url), 'utf8');
  const [, program] = /```ts\n(.*?)```/s.exec(page)!;
  const node = [process.execPath, ['--input-type=module', '--eval', program!], { cwd: REPOSITORY }] as const;
  const { stdout, stderr } = await promisify(execFile)(...node);
  const { rows, learner, baselines } = JSON.parse(stdout) as EvaluationResults;
  expect(rows).toBe(9750); // the labels of the last batch are still to come
  expect(Number(/drift at row (\d+)/.exec(stderr)?.[1])).toBeGreaterThanOrEqual(5000);
  for (const figures of Object.values(baselines)) expect(learner['accuracy']).toBeGreaterThan(figures['accuracy']!);
  expect(learner['accuracy.last1000']).toBeGreaterThan(0.9);
});
