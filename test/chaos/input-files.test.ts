import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Batch, type Source } from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { World } from './world.ts';

/** Nothing comes from it; it calls when a batch is planned, after the sources before it. */
class AtPlan implements Source<never> {
  readonly replayable = true;
  readonly plan: () => Promise<number>;

  constructor(call: () => Promise<void>) {
    this.plan = async () => {
      await call();
      return 0;
    };
  }

  open = async () => 0;
  read = async () => Batch.empty<never>();
  commit = async () => {};
  endedAt = () => false;
  close = async () => {};
}

it('a file that vanishes between plan and read fails its batch by name, and counts once when it is back', async () => {
  const world = await temporaryDirectory(onTestFinished);
  const input = path.join(world, 'input');
  const [file, away] = [path.join(input, 'a.txt'), path.join(world, 'away')];
  await fs.mkdir(input);
  await fs.writeFile(file, 'a\nb\na\n');
  await fs.utimes(file, 9, 9);
  const program = (atPlan: () => Promise<void>) => {
    const driver = new TestDriver({ startMs: 10_000 });
    onTestFinished(() => driver.stop());
    driver.context.checkpoint(path.join(world, 'checkpoint'));
    const lines = driver.context.textFileStream(input, { newFilesOnly: false });
    driver.context.sourceStream(new AtPlan(atPlan)).foreachRDD(() => {});
    return { driver, counts: driver.collect(lines.countByValue()) };
  };

  const first = program(() => fs.rename(file, away));
  await expect(first.driver.runBatches(1)).rejects.toMatchObject({
    name: 'TransientError',
    code: 'io',
    message: `textFileStream: can't read ${file} (it is gone) [source files, batch 0]`,
  });
  expect(first.counts.batches).toEqual([]);

  await fs.rename(away, file);
  const second = program(async () => {});
  await second.driver.start();
  expect(second.counts.records).toEqual([
    [
      ['a', 2],
      ['b', 1],
    ],
  ]);
  expect(second.driver.progress[0]!.totals.records).toBe(3);
});

it.skipIf(process.platform === 'win32')(
  'more files than a process may open at once are one batch like any other',
  async () => {
    const world = await World.make();
    // The limit leaves room for Node to load all modules at once.
    for (let file = 0; file < 1000; file++) await world.sender.putFile(2);
    await world.runToTheEnd({}, ['/bin/sh', '-c', 'ulimit -n 400; exec "$0" "$@"', process.execPath]);
  },
);
