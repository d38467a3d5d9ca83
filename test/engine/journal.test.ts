import * as assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Snapshot, SnapshotRecord } from '../../src/batch/snapshot.ts';
import { Journal, parseJournal, readJournal } from '../../src/engine/journal.ts';
import { StateError } from '../../src/errors.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const records: readonly SnapshotRecord[] = [
  { type: 'first' },
  { text: 'Zeile\n"ä€😀"', weights: Float64Array.of(-0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324) },
  {},
  { nested: [{ minusZero: -0, none: null }, [Number.NaN, true]] },
  { type: 'last' },
];

/** Any snapshot: everything that JSON can't hold, too. */
const anySnapshot = fc.letrec<{ snapshot: Snapshot }>((tie) => ({
  snapshot: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Snapshot>(null, true, false, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.float64Array(),
    fc.array(tie('snapshot')),
    fc.dictionary(anyKey(), tie('snapshot'), { noNullPrototype: true }),
  ),
})).snapshot;
const anyRecord = fc.dictionary(anyKey(), anySnapshot, { noNullPrototype: true });

function anyKey() {
  return fc.string({ unit: 'binary' }).filter((key) => !key.startsWith('$'));
}

/** A journal of these records, and where in the file each of them ends. */
async function written(all: readonly SnapshotRecord[]): Promise<{ directory: string; bytes: Buffer; ends: number[] }> {
  const directory = await temporaryDirectory(onTestFinished);
  const [first, ...rest] = all;
  const [journal] = await Journal.open(directory, first!);
  const ends = [journal.sizeBytes];
  for (const record of rest) {
    await journal.append(record);
    ends.push(journal.sizeBytes);
  }
  await journal.close();
  return { directory, bytes: await fs.readFile(onlyFileIn(directory)), ends };
}

function onlyFileIn(directory: string): string {
  return path.join(directory, 'journal-00000001.log');
}

/** The next of numbered records. */
function addedTo(records: { number: number }[]): { number: number } {
  const record = { number: records.length };
  records.push(record);
  return record;
}

describe('a journal', () => {
  it('gives back any records, to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 5 }), async (all) => {
        const { directory } = await written(all);
        assert.deepEqual(await readJournal(directory), all);
      }),
      { numRuns: 50 },
    );
  });

  it('cut at any byte, holds exactly the records that are whole', async () => {
    const { bytes, ends } = await written(records);
    for (let size = 0; size <= bytes.length; size++) {
      const whole = ends.filter((end) => end <= size);
      const parsed = parseJournal(bytes.subarray(0, size), 'cut');
      assert.deepEqual(parsed, { records: records.slice(0, whole.length), wholeBytes: whole.at(-1) ?? 0 });
    }
  });

  it('cut at any byte of its last record, goes on behind the one before', async () => {
    const { directory, bytes, ends } = await written(records);
    const next = { type: 'next' };
    for (let size = ends.at(-2)!; size < bytes.length; size++) {
      await fs.writeFile(onlyFileIn(directory), bytes.subarray(0, size));
      const [journal, found] = await Journal.open(directory, { type: 'not needed' });
      await journal.append(next);
      await journal.close();
      assert.deepEqual(found, records.slice(0, -1));
      assert.deepEqual(await readJournal(directory), [...records.slice(0, -1), next]);
    }
  });

  it('with any bit flipped before its last two records, is refused, naming the file and the byte', async () => {
    const { bytes, ends } = await written(records);
    const startOf = (at: number) => ends.findLast((end) => end <= at) ?? 0;
    forEveryFlip(bytes, 0, ends.at(-3)!, (at) => {
      const refused = expect(() => parseJournal(bytes, 'x/journal-00000001.log'), `byte ${at}`);
      refused.toThrow(
        expect.objectContaining({
          code: 'damaged',
          message: expect.stringMatching(
            `x/journal-00000001.log: record \\d+, at byte ${startOf(at)}, is damaged and whole records follow it; restore`,
          ),
          context: { file: 'x/journal-00000001.log', byte: startOf(at) },
        }),
      );
    });
    expect(() => parseJournal(bytes, 'as it was')).not.toThrow();
  });

  it('with any bit flipped in its last two records, never gives a record that was not written', async () => {
    const { bytes, ends } = await written(records);
    forEveryFlip(bytes, ends.at(-3)!, bytes.length, (at) => {
      const kept = ends.filter((end) => end <= at).length;
      try {
        assert.deepEqual(parseJournal(bytes, 'flipped').records, records.slice(0, kept));
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
      }
    });
  });

  it('writes what comes while a flush is under way in the order in which it came, and together', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, { type: 'not needed' });
    const more = Array.from({ length: 20 }, (_, number) => ({ number }));
    const [first, ...others] = more.map((record) => journal.append(record));
    await first;
    const early = (await readJournal(directory)).length;
    await others[0];
    expect(await readJournal(directory)).toEqual([...records, ...more]);
    expect(early).toBeGreaterThanOrEqual(records.length + 1);
    await Promise.all(others);
    await journal.close();
  });

  it('replaced while records are on their way, holds those that came after the one that replaces', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, { type: 'not needed' });
    const steps = [
      journal.append({ type: 'before' }),
      journal.replace({ type: 'all before' }),
      journal.append({ type: 'between' }),
      journal.replace({ type: 'all before again' }),
      journal.append({ type: 'after' }),
      journal.append({ type: 'last' }),
    ];
    await journal.close();
    await Promise.all(steps);
    expect(await readJournal(directory)).toEqual([{ type: 'all before again' }, { type: 'after' }, { type: 'last' }]);
  });

  it('takes what is appended while a long record replaces what was before', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, { type: 'not needed' });
    const whole = { type: 'all before', entries: Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]) };
    const replaced = journal.replace(whole).then(() => 'replaced');
    const after: { number: number }[] = [];
    while ((await Promise.race([replaced, journal.append(addedTo(after))])) !== 'replaced') {
      if (after.length > 1) continue;
      expect(await readJournal(directory)).toEqual([...records, ...after]); // the old file still counts
    }
    expect(after.length).toBeGreaterThan(2);
    await journal.append(addedTo(after));
    await journal.close();
    expect(await readJournal(directory)).toEqual([whole, ...after]);
    expect(await fs.readdir(directory)).toEqual(['journal-00000002.log']);
  });

  it('takes nothing more once a record could not be written', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'gone');
    await fs.mkdir(directory);
    const [journal] = await Journal.open(directory, { type: 'first' });
    await fs.rm(directory, { recursive: true });
    await expect(journal.replace({ type: 'all before' })).rejects.toMatchObject({ code: 'io' });
    await expect(journal.append({ type: 'next' })).rejects.toMatchObject({ code: 'io' });
    await journal.close();
  });

  it('replaced by one record, holds that record and what is appended to it', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, { type: 'not needed' });
    await journal.replace({ type: 'all before' });
    await journal.append({ type: 'next' });
    await journal.close();
    expect(await readJournal(directory)).toEqual([{ type: 'all before' }, { type: 'next' }]);
    expect(await fs.readdir(directory)).toEqual(['journal-00000002.log']);
  });

  it('cut off while it was being replaced, is whole: as before, or replaced', async () => {
    const { directory, bytes } = await written(records);
    await fs.writeFile(path.join(directory, 'journal-00000002.log.tmp'), 'half of a rec');
    expect(await readJournal(directory)).toEqual(records);

    await fs.rm(directory, { recursive: true });
    await fs.mkdir(directory);
    const [next] = await Journal.open(directory, { type: 'not needed' });
    await next.replace({ type: 'all before' });
    await next.close();
    await fs.writeFile(onlyFileIn(directory), bytes); // the old file, not yet removed
    const [reopened, found] = await Journal.open(directory, { type: 'not needed' });
    await reopened.close();
    expect(found).toEqual([{ type: 'all before' }]);
    expect(await fs.readdir(directory)).toEqual(['journal-00000002.log']);
  });

  it('removes, when it is opened, what a crash left of a replacement', async () => {
    const { directory } = await written(records);
    await fs.writeFile(path.join(directory, 'journal-00000002.log.tmp'), 'half of a rec');
    const [journal, found] = await Journal.open(directory, {});
    await journal.close();
    expect(found).toEqual(records);
    expect(await fs.readdir(directory)).toEqual(['journal-00000001.log']);
  });

  it('names the file that it can not write, and the reason', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, {});
    onTestFinished(() => journal.close());
    await fs.rm(directory, { recursive: true });
    const error = (file: string) => ({
      name: 'UsageError',
      code: 'io',
      message: expect.stringMatching(`^checkpoint: can't write ${path.join(directory, file)} \\(.+\\); start again`),
    });
    await expect(journal.append({})).rejects.toMatchObject(error('journal-00000001.log'));
  });

  it('without a whole first record is refused', async () => {
    const { directory, bytes, ends } = await written(records);
    for (const size of [0, 1, ends[0]! - 1]) {
      await fs.writeFile(onlyFileIn(directory), bytes.subarray(0, size));
      await expect(readJournal(directory)).rejects.toMatchObject({
        name: 'StateError',
        code: 'damaged',
        message: `checkpoint ${onlyFileIn(directory)}: expected a first record, found none that is whole`,
      });
    }
  });

  it('that is not there is not found', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const notFound = { name: 'UsageError', code: 'not-found', message: expect.stringContaining('no journal in ') };
    await expect(readJournal(directory)).rejects.toMatchObject(notFound);
    await expect(readJournal(path.join(directory, 'nowhere'))).rejects.toMatchObject(notFound);
  });

  it('refuses a record that holds more than plain data, and is as before', async () => {
    const { directory } = await written(records);
    const [journal] = await Journal.open(directory, { type: 'not needed' });
    expect(() => journal.append({ at: new Map() as never })).toThrow(expect.objectContaining({ code: 'wrong-type' }));
    await journal.close();
    assert.deepEqual(await readJournal(directory), records);
  });
});

/** Flips every bit of [start, end) for a moment. */
function forEveryFlip(bytes: Buffer, start: number, end: number, look: (at: number) => void): void {
  for (let at = start; at < end; at++) {
    for (let bit = 1; bit < 256; bit *= 2) {
      bytes[at]! ^= bit;
      look(at);
      bytes[at]! ^= bit;
    }
  }
}
