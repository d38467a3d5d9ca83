import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { readTextFiles } from '../text-files.ts';
import { BATCH_DURATION_MS, cut, type FinishedRun, type Flow, MOMENTS, type Moment, type Place } from './flow.ts';

/** Runs a program to its end in a directory that holds its checkpoint and its output: from the beginning, or on from a crash. */
export async function runFlow<T>(flow: Flow<T>, world: string, batchSize: number): Promise<FinishedRun> {
  const { running, batchesLeft } = await started(flow, world, cut(flow.records, batchSize));
  await running.runBatches(batchesLeft);
  await running.stop();
  return finishedRun(world);
}

/** As `runFlow`, with a crash after every batch: each batch is run by a program of its own, on a copy of what the last one left. */
export async function runFlowBatchByBatch<T>(flow: Flow<T>, world: string, batchSize: number): Promise<FinishedRun> {
  const batches = cut(flow.records, batchSize);
  let left = world;
  for (const batch of batches.keys()) {
    const next = path.join(world, `after-batch-${batch}`);
    const { running } = await started(flow, left, batches);
    await running.runBatches(1);
    await crash(left, next);
    await running.stop();
    left = next;
  }
  return finishedRun(left);
}

/** Runs a program to its end and gives, for every moment of every batch, what a crash at that moment would have left. */
export async function crashEverywhere<T>(
  flow: Flow<T>,
  world: string,
  batchSize: number,
): Promise<{ moment: Moment; batch: number; left: string }[]> {
  const batches = cut(flow.records, batchSize);
  const leftAt = (moment: Moment, batch: number) => path.join(world, `${moment} ${batch}`);
  let batch = 0;
  const crashAt = async (moment: Moment) => crash(world, leftAt(moment, batch));
  const { running } = await started(flow, world, batches, crashAt);
  for (; batch < batches.length; batch++) {
    await running.runBatches(1);
    await crashAt('committed');
    await crash(leftAt('logged', batch), leftAt('half logged', batch), halfOfTheLastRecord);
    await crash(leftAt('committed', batch), leftAt('half committed', batch), halfOfTheLastRecord);
  }
  await running.stop();
  return [...batches.keys()].flatMap((each) =>
    MOMENTS.map((moment) => ({ moment, batch: each, left: leftAt(moment, each) })),
  );
}

/** Starts the program on what is in the directory. */
async function started<T>(
  flow: Flow<T>,
  world: string,
  batches: readonly (readonly T[])[],
  at: Place<T>['at'] = async () => {},
) {
  const checkpoint = path.join(world, 'checkpoint');
  const found = await fs.access(checkpoint).then(
    () => readCheckpoint(checkpoint),
    () => undefined,
  );
  const last = found?.pending ?? found?.committed ?? { batch: -1, time: 0 };
  const output = path.join(world, 'output', 'batch');
  const running = await flow.start({ batches, checkpoint, output, startMs: last.time, at });
  return { running, batchesLeft: batches.length - 1 - last.batch };
}

/** Leaves a copy of what is on the disk at this moment. What goes on in `world` after it never happened. */
export async function crash(
  world: string,
  left: string,
  damage?: (checkpoint: string) => Promise<void>,
): Promise<void> {
  for (const name of ['checkpoint', 'output']) {
    const from = path.join(world, name);
    const to = path.join(left, name);
    await fs.cp(from, to, { recursive: true }).catch((error) => {
      if (name === 'checkpoint') throw error; // there may be no output yet
    });
  }
  await damage?.(path.join(left, 'checkpoint'));
}

async function halfOfTheLastRecord(checkpoint: string): Promise<void> {
  const [journal] = (await fs.readdir(checkpoint)).filter((name) => name.startsWith('journal-'));
  const file = path.join(checkpoint, journal!);
  const bytes = await fs.readFile(file);
  const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
  await fs.truncate(file, Math.floor((start + bytes.length) / 2));
}

async function finishedRun(world: string): Promise<FinishedRun> {
  const { committed, pending } = await readCheckpoint(path.join(world, 'checkpoint'));
  if (pending !== undefined) throw new Error(`batch ${pending.batch} was never committed`);
  const written = await readTextFiles(path.join(world, 'output'));
  const output = Array.from({ length: committed.batch + 1 }, (_, batch) => {
    return written[`batch-${(batch + 1) * BATCH_DURATION_MS}`]?.flat();
  });
  return { output, committed };
}
