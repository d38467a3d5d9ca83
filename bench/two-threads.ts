import { TestDriver } from 'millrace/testing';
import { took } from './busiest-thread.ts';
import type { HalfOfRows } from './half-of-rows.ts';
import { interleaved } from './interleaved.ts';
import { newLearner } from './learner-list.ts';
import { rowsFor, type Task, timed } from './learner-rates.ts';

/** Batches of a round. */
const MOST_BATCHES = 10;
const HALF_OF_ROWS = new URL('./half-of-rows.js', import.meta.url);

/**
 * Rows a second on one thread, and on two that each have half of the rows of every batch, columns copied to them, by
 * `mapPartitionsInWorkers`. To predict, both have the same model. To train, each has a model of its own rows, as where a stream is split by key; of
 * the learners here, naive Bayes could merge the two.
 */
export async function twoThreads(
  name: string,
  d: number,
  task: Task,
  rounds: number,
): Promise<{ readonly one: number; readonly two: number }> {
  const matrix = rowsFor(name, d).matrix.slice(0, MOST_BATCHES);
  const count = matrix.reduce((sum, { features }) => sum + features.rows, 0);
  const learner = newLearner(name, d);
  const given = matrix.map(({ features, labels }) => (learner.supervised ? { features, labels } : { features }));
  if (task === 'predict') for (const examples of given) learner.update(examples);
  const onOne = timed(async () => {
    for (const examples of given) {
      if (task === 'train') learner.update(examples);
      else learner.predict(examples.features);
    }
  });
  const halves = matrix.map(({ features, labels }): HalfOfRows[] => {
    const middle = features.rows / 2;
    return [
      [0, middle],
      [middle, features.rows],
    ].map(([start, end]) => ({
      name,
      task,
      columns: features.columns.map((column) => column.slice(start, end)),
      labels: labels.slice(start, end),
    }));
  });
  const driver = new TestDriver();
  // Each round is as many batches of one stream, so that the threads stay the same.
  const batches = Array.from({ length: 3 + rounds }, () => halves).flat();
  driver.context
    .queueStream(batches)
    .repartition(2)
    .mapPartitionsInWorkers<Float64Array>(HALF_OF_ROWS, { workers: 2 })
    .foreachRDD(() => {});
  // Of the busiest thread, which is the time on the wall where nothing else runs.
  const onTwo = async () => (await took(() => driver.runBatches(halves.length))).busiestMs;
  const { ours, theirs } = await interleaved(onTwo, onOne, rounds);
  await driver.stop();
  return { one: (count / theirs) * 1e3, two: (count / ours) * 1e3 };
}
