/**
 * Tests and trains Millrace's trees and forests on the streams of `tree-streams.ts`, and writes the rows for others to read:
 * node .bench/peers/trees.js ROWS DIRECTORY. On standard output a line of JSON for each learner and stream; `trees.py` reads them.
 */
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  type Examples,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
  type Learner,
} from 'millrace';
import { type TreeStream, treeStreams } from './tree-streams.ts';

const [rows, directory] = process.argv.slice(2);
const ROWS_PER_BATCH = 1000;

for (const [name, stream] of Object.entries(treeStreams(Number(rows)))) {
  const file = path.join(directory!, `${name.replaceAll(/\W+/g, '-')}.csv`);
  writeFileSync(file, stream.rows.map(({ features, label }) => `${[...features, label].join(',')}\n`).join(''));
  const { numClasses, nominalFeatures = {} } = stream;
  report({ stream: name, learner: 'baseline', score: baseline(stream), file, numClasses, nominalFeatures });
  for (const learner of learnersFor(stream))
    report({ stream: name, learner: learner.kind, ...tested(learner, stream) });
}

function report(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

function learnersFor({ rows: [row], numClasses, nominalFeatures = {} }: TreeStream): readonly Learner[] {
  const options = { numFeatures: row!.features.length, nominalFeatures };
  if (numClasses === undefined) {
    return [
      new HoeffdingTreeRegressor(options),
      new HoeffdingAdaptiveTreeRegressor(options),
      new AdaptiveRandomForestRegressor(options),
    ];
  }
  return [
    new HoeffdingTreeClassifier({ ...options, numClasses }),
    new HoeffdingAdaptiveTreeClassifier({ ...options, numClasses }),
    new AdaptiveRandomForestClassifier({ ...options, numClasses }),
  ];
}

/** Each row is tested before it is learned: the share of right ones, or the root of the mean squared error. Seconds of processor. */
function tested(learner: Learner, { rows: data, numClasses }: TreeStream) {
  const batches = Array.from({ length: Math.ceil(data.length / ROWS_PER_BATCH) }, (_, batch): Examples => {
    const part = data.slice(batch * ROWS_PER_BATCH, (batch + 1) * ROWS_PER_BATCH);
    const columns = part[0]!.features.map((_, j) => Float64Array.from(part, ({ features }) => features[j]!));
    return { features: { rows: part.length, columns }, labels: Float64Array.from(part, ({ label }) => label) };
  });
  const start = process.cpuUsage();
  let loss = 0;
  for (const batch of batches) loss += learner.update(batch)! * batch.features.rows;
  const { user, system } = process.cpuUsage(start);
  const mean = loss / data.length;
  return { score: numClasses === undefined ? Math.sqrt(mean) : 1 - mean, seconds: (user + system) / 1e6 };
}

/** The better of the last label and the majority class; or the mean of the labels so far. */
function baseline({ rows: data, numClasses }: TreeStream): number {
  const counts = new Float64Array(numClasses ?? 0);
  let [mean, squares, last, lastRight, majorityRight] = [0, 0, 0, 0, 0];
  for (const [i, { label }] of data.entries()) {
    if (label === last) lastRight++;
    if (counts.indexOf(Math.max(...counts)) === label) majorityRight++;
    counts[label] = counts[label]! + 1;
    last = label;
    squares += (label - mean) ** 2;
    mean += (label - mean) / (i + 1);
  }
  return numClasses === undefined ? Math.sqrt(squares / data.length) : Math.max(lastRight, majorityRight) / data.length;
}
