import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import {
  type FileStreamOptions,
  FileStreamSource,
  splitLines,
  textLinesFormat,
} from '../../src/sources/file-stream-source.ts';
import { ManualClock, TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { unlimited } from './unlimited.ts';

let directory: string;
let warnings: string[];

beforeEach(async () => {
  directory = await temporaryDirectory(onTestFinished);
  warnings = [];
});

/** Puts a file into the directory as a whole, as if last changed at this time. */
async function put(name: string, modifiedMs: number, content = `${name}\n`): Promise<string> {
  const file = path.join(directory, name);
  await fs.writeFile(`${file}.part`, content);
  await fs.utimes(`${file}.part`, modifiedMs / 1000, modifiedMs / 1000);
  await fs.rename(`${file}.part`, file);
  return file;
}

/** A stream over the directory, with a batch a second, that begins at 10 s. */
function watch(options: FileStreamOptions = {}, watched = directory) {
  const driver = new TestDriver({
    startMs: 10_000,
    log: { ...silentLog, warn: (message) => warnings.push(message) },
  });
  onTestFinished(() => driver.stop());
  const outputs = driver.collect(driver.context.textFileStream(watched, options));
  /** The partitions of the next batch. */
  const next = async () => {
    await driver.runBatches(1);
    return outputs.batches.at(-1)!.batch.partitions;
  };
  return { driver, next };
}

describe('a file is taken', () => {
  test('in the batch whose time is the first not before its modification time', async () => {
    const { next } = watch();
    await put('at-11', 11_000);
    await put('after-11', 11_250);
    await put('at-12', 12_000);
    expect(await next()).toEqual([['at-11']]);
    expect(await next()).toEqual([['after-11'], ['at-12']]);
    expect(await next()).toEqual([]);
  });

  test('when it was modified after the stream was made, not at that time or before', async () => {
    await put('before', 9_000);
    await put('at', 10_000);
    await put('after', 10_250);
    expect(await watch().next()).toEqual([['after']]);
  });

  test('when it is older than the stream, where not only new files are asked for', async () => {
    await put('before', 9_000);
    await put('at', 10_000);
    await put('in 1970', 0);
    expect(await watch({ newFilesOnly: false }).next()).toEqual([['before'], ['at']]);
  });

  test('when it was made between the stream and its start', async () => {
    const { driver, next } = watch();
    await put('between', 10_250);
    driver.clock.advance(500);
    expect(await next()).toEqual([['between']]);
  });

  test('when it shows up late, but within the time that is remembered, which is open at its beginning', async () => {
    const { next } = watch({ newFilesOnly: false, minRememberDuration: '3 seconds' });
    await next();
    await next();
    await put('too late', 10_000);
    await put('just in time', 10_250);
    expect(await next()).toEqual([['just in time']]);
  });

  test('within one minute of its modification time, unless told otherwise', async () => {
    const { driver, next } = watch({ newFilesOnly: false });
    await driver.runBatches(59);
    await put('60 seconds late', 10_000);
    await put('59 seconds late', 11_000);
    expect(await next()).toEqual([['59 seconds late']]);
  });

  test('where the remembered time is rounded up to whole batches', async () => {
    const { next } = watch({ newFilesOnly: false, minRememberDuration: 2_500 });
    await next();
    await next();
    await put('too late', 10_000);
    await put('in time for three batches', 10_250);
    expect(await next()).toEqual([['in time for three batches']]);
  });
});

describe('a file is taken once', () => {
  test('also when it is modified after it was taken', async () => {
    const { next } = watch();
    await put('a', 10_500, 'old\n');
    expect(await next()).toEqual([['old']]);
    await put('a', 11_500, 'new\n');
    expect(await next()).toEqual([]);
  });

  test('as long as it is remembered', async () => {
    const { next } = watch({ minRememberDuration: '2 seconds' });
    await put('a', 10_500, 'old\n');
    expect(await next()).toEqual([['old']]);
    await put('a', 13_000, 'new\n');
    expect(await next()).toEqual([]);
    expect(await next()).toEqual([]);
    expect(await next()).toEqual([['new']]);
  });

  test('whatever it is called', async () => {
    const { next } = watch();
    for (const name of ['__proto__', 'constructor', 'toString']) await put(name, 10_500);
    expect((await next()).flat().sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(await next()).toEqual([]);
  });
});

test('a program that is started again takes the files of the time it was down, and none twice', async () => {
  const checkpoint = path.join(directory, '.checkpoint');
  const resumed = (startMs: number) => {
    const driver = new TestDriver({ startMs });
    onTestFinished(() => driver.stop());
    driver.context.checkpoint(checkpoint);
    return { driver, outputs: driver.collect(driver.context.textFileStream(directory)) };
  };
  await put('older than the stream', 9_000);
  const first = resumed(10_000);
  await put('a', 10_500);
  await first.driver.runBatches(1);
  await first.driver.stop();

  await put('while it was down', 12_500);
  const again = resumed(14_250);
  await put('b', 14_500);
  await again.driver.runBatches(1);
  expect(first.outputs.records).toEqual([['a']]);
  expect(again.outputs.batches.map(({ time, batch }) => [time, batch.collect()])).toEqual([
    [12_000, []],
    [13_000, ['while it was down']],
    [14_000, []],
    [15_000, ['b']],
  ]);
});

describe('what is listed', () => {
  test('hidden files, and what is in directories, are left alone', async () => {
    const { next } = watch();
    await put('.hidden', 10_500);
    await fs.mkdir(path.join(directory, 'inner'));
    await put('inner/file', 10_500);
    await fs.utimes(path.join(directory, 'inner'), 10.5, 10.5);
    await put('seen', 10_500);
    expect(await next()).toEqual([['seen']]);
    expect(warnings).toEqual([]);
  });

  test('a filter of one’s own is given paths, and decides about hidden files too', async () => {
    const { next } = watch({ filter: (file) => path.dirname(file) === directory && file.endsWith('.csv') });
    await put('a.csv', 10_500);
    await put('.b.csv', 10_500);
    await put('c.txt', 10_500);
    expect((await next()).flat().sort()).toEqual(['.b.csv', 'a.csv']);
  });

  test('links to files are files; a link to nothing is no trouble', async () => {
    const { next } = watch();
    await fs.symlink(await put('.target', 10_500), path.join(directory, 'link'));
    await fs.symlink(path.join(directory, 'nowhere'), path.join(directory, 'dangling'));
    expect(await next()).toEqual([['.target']]);
    expect(warnings).toEqual([]);
  });

  test('a missing directory is a warning and an empty batch, until it is there', async () => {
    const missing = path.join(directory, 'later');
    const { next } = watch({}, missing);
    expect(await next()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`textFileStream: can't list ${missing} (ENOENT`)]);
    await fs.mkdir(missing);
    await put('later/file', 11_500, 'now\n');
    expect(await next()).toEqual([['now']]);
    expect(warnings).toHaveLength(1);
  });
});

describe('a listing', () => {
  test('that fails is a warning and an empty batch', async () => {
    const file = await put('a-file', 9_000);
    expect(await watch({}, file).next()).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(`textFileStream: can't list ${file} (ENOTDIR`)]);
  });

  test('that takes longer than a batch is a warning', async () => {
    const clock = new ManualClock(10_000);
    let slowMs = 1000;
    const filter = () => {
      clock.advance(slowMs);
      return true;
    };
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const source = new FileStreamSource(directory, textLinesFormat, 1000, clock, log, { filter });
    await put('a', 10_500);
    const start = await source.open(undefined);
    await source.plan(start, { ...unlimited, batchTime: 11_000 });
    expect(warnings).toEqual([]);
    slowMs = 1001;
    await source.plan(start, { ...unlimited, batchTime: 12_000 });
    expect(warnings).toEqual([expect.stringContaining(`listing ${directory} took 1001 ms, longer than a batch`)]);
  });

  test('of a directory that was renamed to match the pattern has only the files that are new enough', async () => {
    const { next } = watch({ minRememberDuration: '1 second' }, path.join(directory, 'day-*'));
    await fs.mkdir(path.join(directory, 'later'));
    await put('later/old', 10_250);
    await put('later/new', 11_250);
    expect(await next()).toEqual([]);
    await fs.rename(path.join(directory, 'later'), path.join(directory, 'day-1'));
    expect(await next()).toEqual([['later/new']]);
  });
});

describe('what is read', () => {
  test('files that were modified at the same time, in the order of their names', async () => {
    const { next } = watch();
    const names = Array.from({ length: 20 }, (_, i) => `file-${(7 * i) % 20}`);
    for (const name of names) await put(name, 10_500);
    expect((await next()).flat()).toEqual(names.sort());
  });

  test('one partition a file, in the order of modification, then of name; its records are counted', async () => {
    const { driver, next } = watch();
    await put('b', 10_500, '1\n2\n');
    await put('a', 10_500, '3\n');
    await put('c', 10_250, '4\n');
    expect(await next()).toEqual([['4'], ['3'], ['1', '2']]);
    expect(driver.progress[0]!.numRecords).toBe(4);
  });

  test('an empty file is a partition without records, and a warning', async () => {
    const { next } = watch();
    const file = await put('empty', 10_500, '');
    expect(await next()).toEqual([[]]);
    expect(warnings).toEqual([expect.stringContaining(`${file} has no data in it`)]);
  });

  test('a file that went away after it was planned fails the batch, naming it', async () => {
    const source = new FileStreamSource(directory, textLinesFormat, 1000, new ManualClock(10_000), silentLog);
    const file = await put('a', 10_500);
    const start = await source.open(undefined);
    const end = await source.plan(start, { ...unlimited, batchTime: 11_000 });
    await fs.rm(file);
    await expect(source.read({ start, end })).rejects.toThrow(`textFileStream: can't read ${file} (it is gone)`);
    await source.close();
  });

  test('lines end in \\n or \\r\\n, the last one as it likes', () => {
    expect(splitLines('a\nb')).toEqual(['a', 'b']);
    expect(splitLines('a\r\nb\r\n')).toEqual(['a', 'b']);
    expect(splitLines('\n\n')).toEqual(['', '']);
    expect(splitLines('')).toEqual([]);
  });
});

test.each([0, -1, 'soon'])('a minRememberDuration of %j is refused', (minRememberDuration) => {
  const use = () => new TestDriver().context.textFileStream('.', { minRememberDuration });
  expect(use).toThrow(UsageError);
  expect(use).toThrow('minRememberDuration: expected a duration of at least 1 ms');
});
