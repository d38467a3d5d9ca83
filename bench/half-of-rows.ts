/** What a thread of `two-threads.ts` runs. */
import type { OnlineLearner } from 'millrace';
import { newLearner } from './learner-list.ts';

export interface HalfOfRows {
  readonly name: string;
  readonly task: 'train' | 'predict';
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
}

/** The learners of this thread. */
const learners = new Map<string, OnlineLearner<never>>();

/** Learns the rows, or predicts; a learner that is to predict learns the first rows that come. Gives the predictions. */
export default function learnOrPredict(halves: readonly HalfOfRows[]): Float64Array[] {
  return halves.map(({ name, task, columns, labels }) => {
    const key = `${name} ${task} ${columns.length}`;
    const known = learners.get(key);
    const learner = known ?? newLearner(name, columns.length);
    learners.set(key, learner);
    const features = { rows: labels.length, columns };
    if (task === 'train' || known === undefined)
      learner.update(learner.supervised ? { features, labels } : { features });
    return task === 'predict' ? learner.predict(features) : new Float64Array();
  });
}
