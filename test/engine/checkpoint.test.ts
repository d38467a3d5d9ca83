import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SnapshotRecord, snapshotToText } from '../../src/batch/snapshot.ts';
import { Checkpoint, readCheckpoint } from '../../src/engine/checkpoint.ts';
import { type Committed, NOTHING_COMMITTED } from '../../src/engine/checkpoint-records.ts';
import { Journal } from '../../src/engine/journal.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const JOURNAL = 'journal-00000001.log';

/** Commits batch after batch to an open checkpoint: one state that changes each time, and one that stays. */
async function commitBatches(checkpoint: Checkpoint, from: Committed, count: number): Promise<Committed> {
  let committed = from;
  for (let n = 0; n < count; n++) {
    const batch = committed.batch + 1;
    const plan = { batch, time: 1000 * (batch + 1), zeroTime: 0, ranges: { source: { start: batch, end: batch + 1 } } };
    const states = {
      changing: { weights: Float64Array.from({ length: 20 }, (_, i) => Math.sqrt(batch + i)), signed: -0 },
      constant: { text: 'ä€😀' },
    };
    const changes = { keyed: { set: [[batch, -batch, plan.time]], removed: [] } };
    const totals = { batches: batch + 1, records: 2 * (batch + 1), rejected: batch };
    committed = {
      batch,
      time: plan.time,
      zeroTime: 0,
      offsets: { source: batch + 1 },
      states: { ...committed.states, ...states },
      changes: { keyed: [...(committed.changes['keyed'] ?? []), changes.keyed] },
      totals,
    };
    const whole = { ...committed, states: { ...states, keyed: { upTo: batch } }, changes: {} };
    await checkpoint.logPlan(plan);
    const everything = () => {
      replaced = true;
      return whole;
    };
    let replaced = false;
    await checkpoint.commit({ batch, states, changes, totals }, everything);
    if (replaced) committed = whole;
  }
  return committed;
}

/** What is in force, however it is written: whole, or by what changed. */
function inForce({ states: { keyed, ...states }, changes, ...position }: Committed): string {
  const [[upTo]] = (changes['keyed']?.at(-1)?.['set'] ?? [[keyed?.['upTo']]]) as [[number]];
  return snapshotToText({ ...position, states, upTo });
}

async function sizeOfFilesIn(directory: string): Promise<number> {
  const sizes = (await fs.readdir(directory)).map(async (name) => (await fs.stat(path.join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function checkpointThatBeginsWith(first: SnapshotRecord, ...rest: SnapshotRecord[]): Promise<string> {
  const directory = await temporaryDirectory(onTestFinished);
  const [journal] = await Journal.open(directory, first);
  for (const record of rest) await journal.append(record);
  await journal.close();
  return directory;
}

describe('a checkpoint', () => {
  it('holds nothing at first', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'made', 'on the way');
    const [checkpoint, found] = await Checkpoint.open(directory);
    expect(found).toEqual({ committed: NOTHING_COMMITTED, pending: undefined, received: {} });
    await checkpoint.close();
    expect(await readCheckpoint(directory)).toEqual(found);
  });

  it('opened again after every commit, is what was committed', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    let committed = NOTHING_COMMITTED;
    for (let n = 0; n < 5; n++) {
      const [checkpoint, found] = await Checkpoint.open(directory);
      expect(snapshotToText(found.committed)).toBe(snapshotToText(committed));
      committed = await commitBatches(checkpoint, found.committed, 1);
      await checkpoint.close();
    }
    expect(snapshotToText((await readCheckpoint(directory)).committed)).toBe(snapshotToText(committed));
  });

  it('writes a state again only where it has changed', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    for (let n = 0; n < 3; n++) {
      const [checkpoint, found] = await Checkpoint.open(directory);
      await commitBatches(checkpoint, found.committed, 2);
      await checkpoint.close();
    }
    const text = await fs.readFile(path.join(directory, JOURNAL), 'utf8');
    expect(text.match(/"changing":/g)).toHaveLength(6);
    expect(text.match(/"constant":/g)).toHaveLength(1);
  });

  it('replaced by a snapshot again and again, keeps its state and a bounded size', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const replaceAboveBytes = 2000;
    const [checkpoint, found] = await Checkpoint.open(directory, { replaceAboveBytes });
    const perBatch = await commitBatches(checkpoint, found.committed, 1);
    const onePlanAndCommit = (await sizeOfFilesIn(directory)) + 100;
    const stateBytes = Object.values(perBatch.states).reduce((sum, state) => sum + snapshotToText(state).length, 0);
    let committed = perBatch;
    let largest = 0;
    for (let n = 0; n < 60; n++) {
      committed = await commitBatches(checkpoint, committed, 1);
      largest = Math.max(largest, await sizeOfFilesIn(directory));
      expect(inForce((await readCheckpoint(directory)).committed)).toBe(inForce(committed));
    }
    await checkpoint.close();
    // While it is replaced, both files are there, and a few batches go on.
    expect(largest).toBeLessThan(2 * Math.max(replaceAboveBytes, 4 * stateBytes) + 8 * onePlanAndCommit);
    expect(await sizeOfFilesIn(directory)).toBeLessThan(largest / 2);
    expect(await fs.readdir(directory)).not.toContain(JOURNAL);
    const [reopened, again] = await Checkpoint.open(directory);
    await reopened.close();
    expect(inForce(again.committed)).toBe(inForce(committed));
  });

  it('with states larger than that is replaced when it has doubled, not with every batch', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const [checkpoint] = await Checkpoint.open(directory, { replaceAboveBytes: 1000 });
    const states = { large: { text: 'x'.repeat(20_000) } };
    const { totals } = NOTHING_COMMITTED;
    let replacements = 0;
    for (let batch = 0; batch < 60; batch++) {
      const plan = { batch, time: 1000 * batch, zeroTime: 0, ranges: {} };
      const everything = () => {
        replacements++;
        return { ...NOTHING_COMMITTED, batch, states };
      };
      await checkpoint.logPlan(plan);
      await checkpoint.commit({ batch, states, changes: {}, totals }, everything);
    }
    await checkpoint.close();
    expect(replacements).toBe(1);
  });

  it('of a newer version is refused', async () => {
    const directory = await checkpointThatBeginsWith({
      ...NOTHING_COMMITTED,
      type: 'snapshot',
      format: 'millrace-checkpoint',
      version: 3,
    });
    const newer = { name: 'StateError', code: 'newer-format', message: expect.stringContaining(directory) };
    await expect(readCheckpoint(directory)).rejects.toMatchObject(newer);
    await expect(Checkpoint.open(directory)).rejects.toMatchObject(newer);
  });

  it('of an unknown format is refused', async () => {
    const directory = await checkpointThatBeginsWith({ type: 'snapshot', format: 'somebody else' });
    const unknown = { name: 'StateError', code: 'unknown-format', message: expect.stringContaining('somebody else') };
    await expect(Checkpoint.open(directory)).rejects.toMatchObject(unknown);
  });

  it('is refused where a commit has no plan', async () => {
    const first = { ...NOTHING_COMMITTED, type: 'snapshot', format: 'millrace-checkpoint', version: 1 };
    const plan = { type: 'plan', batch: 0, time: 1000, zeroTime: 0, ranges: {} };
    const commit = (batch: number) => ({
      type: 'commit',
      batch,
      states: {},
      changes: {},
      totals: NOTHING_COMMITTED.totals,
    });
    for (const records of [
      [commit(0)],
      [plan, commit(1)],
      [plan, commit(0), commit(0)],
      [plan, plan],
      [plan, { type: 'what?' }],
    ]) {
      const directory = await checkpointThatBeginsWith(first, ...records);
      const message = expect.stringContaining(`${directory}: expected a plan and then its commit, got `);
      await expect(readCheckpoint(directory)).rejects.toMatchObject({ name: 'StateError', code: 'damaged', message });
    }
  });

  it('in the place of a file is a usage error', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'a-file');
    await fs.writeFile(file, 'kept');
    const below = path.join(file, 'below');
    for (const directory of [file, below]) {
      const message = expect.stringContaining(`checkpoint: can't make the directory ${directory} (E`);
      await expect(Checkpoint.open(directory)).rejects.toMatchObject({ name: 'UsageError', code: 'io', message });
    }
    await expect(readCheckpoint(file)).rejects.toMatchObject({
      name: 'UsageError',
      code: 'not-found',
      message: `checkpoint: expected a readable directory, got ${file}`,
    });
    expect(await fs.readFile(file, 'utf8')).toBe('kept');
  });

  it.each([0, -1, Number.NaN])('that is to be replaced above %d bytes is refused', async (replaceAboveBytes) => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
    await expect(Checkpoint.open(directory, { replaceAboveBytes })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'bad-option',
      message: `checkpoint: expected replaceAboveBytes > 0, got ${replaceAboveBytes}`,
    });
    await expect(fs.stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that is refused is left neither locked nor open', async () => {
    const directory = await checkpointThatBeginsWith({ type: 'snapshot', format: 'somebody else' });
    for (let n = 0; n < 2; n++) {
      await expect(Checkpoint.open(directory)).rejects.toMatchObject({ code: 'unknown-format' });
    }
    if (process.platform === 'linux') expect(await openFilesIn(directory)).toEqual([]);
  });
});

/** The files of a directory that this process holds open, as Linux tells. */
async function openFilesIn(directory: string): Promise<string[]> {
  const numbers = await fs.readdir('/proc/self/fd');
  const files = numbers.map((number) => fs.readlink(path.join('/proc/self/fd', number)).catch(() => ''));
  return (await Promise.all(files)).filter((file) => file.startsWith(directory));
}
