import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { type Committed, NOTHING_COMMITTED, type Plan } from '../../src/engine/checkpoint-records.ts';
import { GraphStates } from '../../src/engine/graph-states.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const words = [['à', 'b', 'à'], [], ['b', 'ç😀', 'à'], ['à'], ['d', 'd', 'd']];

/** A program with a state that is saved by its changes, and one that is saved whole. `onRun` is told the time of each batch. */
function build(onRun: (time: number) => void = () => {}): TestDriver {
  const driver = new TestDriver();
  const stream = driver.context.queueStream(words).transform((rdd, time) => {
    onRun(time);
    return rdd;
  });
  const totals = stream
    .map((word): Pair<string, number> => [word, 1])
    .updateStateByKey((ones: readonly number[], before: number | undefined) => {
      const total = ones.length + (before ?? 0);
      return total < 3 ? total : undefined; // the key goes, and may come again
    });
  const model = new StreamingKMeans({ k: 2, decayFactor: 0.3 }).setRandomCenters(2, 0, 5);
  model.trainOn(totals.map(([word, total]) => [word.length / 3, total]));
  return driver;
}

type Position = Pick<Committed, 'batch' | 'time' | 'offsets' | 'totals'>;
type Pending = Pick<Plan, 'batch' | 'time'> | undefined;

/** All that is in force, as one text: what was committed, every state whole, and the batch that is under way. */
function textOf({ batch, time, offsets, totals }: Position, states: string, pending: Pending): string {
  const underWay = pending && `batch ${pending.batch} at ${pending.time}`;
  return [snapshotToText({ batch, time, offsets, totals }), states, `under way: ${underWay}`].join('\n');
}

function statesOf({ context }: TestDriver): GraphStates {
  return new GraphStates(context.graph.states);
}

/** How large the journal was when a plan or a commit had just been written, and what was then in force. */
interface Sighting {
  readonly sizeBytes: number;
  readonly inForce: string;
}

/** Runs the program, and gives its journal and what the run saw after each write to it. */
async function observedRun(directory: string): Promise<{ journal: Buffer; sightings: Sighting[] }> {
  const journal = path.join(directory, 'journal-00000001.log');
  const sightings: Sighting[] = [];
  let position: Position = { ...NOTHING_COMMITTED, offsets: { queue: 0 } }; // where a new source begins is known at once
  const see = (pending?: Pending) => {
    sightings.push({ sizeBytes: fs.statSync(journal).size, inForce: textOf(position, states, pending) });
  };
  const driver = build((time) => see({ batch: position.batch + 1, time }));
  const statesNow = () => snapshotToText(statesOf(driver).snapshots());
  let states = statesNow();
  driver.context.checkpoint(directory);
  driver.context.addStreamingListener({
    onBatchCompleted({ batchId, batchTime, sources, totals }) {
      const offsets = Object.fromEntries(Object.entries(sources).map(([id, { end }]) => [id, end]));
      position = { batch: batchId, time: batchTime, offsets, totals };
      states = statesNow();
      see();
    },
  });
  await driver.context.start();
  see();
  await driver.runBatches(words.length);
  await driver.stop();
  return { journal: fs.readFileSync(journal), sightings };
}

it('a checkpoint cut at any byte is exactly the state of the last whole commit', async () => {
  const { journal, sightings } = await observedRun(await temporaryDirectory(onTestFinished));
  expect(sightings).toHaveLength(1 + 2 * words.length);
  const directory = await temporaryDirectory(onTestFinished);
  const file = path.join(directory, 'journal-00000001.log');
  for (let size = sightings[0]!.sizeBytes; size <= journal.length; size++) {
    fs.writeFileSync(file, journal.subarray(0, size));
    const { committed, pending } = await readCheckpoint(directory);
    const states = statesOf(build());
    states.restore(committed);
    const last = sightings.findLast(({ sizeBytes }) => sizeBytes <= size)!;
    const loaded = textOf(committed, snapshotToText(states.snapshots()), pending);
    expect(loaded, `cut at byte ${size}`).toBe(last.inForce);
  }
});
