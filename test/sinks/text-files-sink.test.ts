import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { TextFilesSink } from '../../src/sinks/text-files-sink.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

let directory: string;

beforeEach(async () => {
  directory = await temporaryDirectory(onTestFinished);
});

/** All files below the directory, by path, with their text. */
async function written(): Promise<Record<string, string>> {
  const names = (await fs.readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)));
  const files = names.sort().map(async (name) => [name, await fs.readFile(path.join(directory, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(files));
}

async function write(batch: Batch<unknown>, { prefix = 'out', suffix = '' } = {}, time = 1000): Promise<void> {
  await new TextFilesSink({ prefix: path.join(directory, prefix), suffix }).write({ id: 0, time, batch });
}

describe('names', () => {
  test('are prefix-TIME_IN_MS.suffix, a directory for each batch with a file for each partition', async () => {
    await write(new Batch([['a', 'b'], [], ['c']]), { suffix: 'txt' }, 1_357_008_430_000);
    const name = 'out-1357008430000.txt';
    expect(await written()).toEqual({
      [`${name}/_SUCCESS`]: '',
      [`${name}/part-00000`]: 'a\nb\n',
      [`${name}/part-00001`]: '',
      [`${name}/part-00002`]: 'c\n',
    });
  });

  test('leave out the dot of an empty suffix', async () => {
    await write(Batch.of(['a']));
    expect(Object.keys(await written())).toEqual(['out-1000/_SUCCESS', 'out-1000/part-00000']);
  });

  test('are the time alone where the prefix is empty', async () => {
    const here = process.cwd();
    onTestFinished(() => process.chdir(here));
    process.chdir(directory);
    for (const suffix of ['', 'txt']) {
      await new TextFilesSink({ prefix: '', suffix }).write({ id: 0, time: 1000, batch: Batch.empty() });
    }
    expect(Object.keys(await written())).toEqual(['1000.txt/_SUCCESS', '1000/_SUCCESS']);
  });

  test('may lead into directories that are not there yet', async () => {
    await write(Batch.of(['a']), { prefix: 'new/deep/out' });
    expect(Object.keys(await written())).toContain('new/deep/out-1000/part-00000');
  });
});

describe('a batch', () => {
  test('without records is a directory all the same', async () => {
    await write(Batch.empty());
    expect(await written()).toEqual({ 'out-1000/_SUCCESS': '' });
  });

  test('that comes again replaces what it wrote', async () => {
    await write(new Batch([['old'], ['old'], ['old']]));
    await write(new Batch([['new']]));
    expect(await written()).toEqual({ 'out-1000/_SUCCESS': '', 'out-1000/part-00000': 'new\n' });
  });

  test('that a crash left half-written is written anew', async () => {
    await fs.mkdir(path.join(directory, '.out-1000.tmp'));
    await fs.writeFile(path.join(directory, '.out-1000.tmp', 'part-00007'), 'half');
    await write(Batch.of(['whole']));
    expect(await written()).toEqual({ 'out-1000/_SUCCESS': '', 'out-1000/part-00000': 'whole\n' });
  });

  test('that is written leaves the others alone, whatever their suffix', async () => {
    await write(Batch.of(['with suffix']), { suffix: 'tmp' });
    await write(Batch.of(['without']));
    expect(Object.keys(await written()).filter((name) => name.endsWith('part-00000'))).toEqual([
      'out-1000.tmp/part-00000',
      'out-1000/part-00000',
    ]);
  });

  test('that can’t be written fails naming the directory', async () => {
    await fs.writeFile(path.join(directory, 'file'), '');
    const inFile = path.join('file', 'out');
    await expect(write(Batch.of(['a']), { prefix: inFile })).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(`text files: can't write ${path.join(directory, inFile)}-1000 (`),
    });
  });
});

test('saveAsTextFiles writes every batch, and a program that is run again writes the same', async () => {
  for (let run = 1; run <= 2; run++) {
    const driver = new TestDriver({ defaultParallelism: 2 });
    const words = driver.context.queueStream([['a', 'b', 'a'], []]);
    words.countByValue().saveAsTextFiles(path.join(directory, 'counts'));
    words.saveAsTextFiles(path.join(directory, 'words'), 'txt');
    await driver.runBatches(2);
    await driver.stop();
    expect(await written()).toEqual({
      // Spark's HashPartitioner puts "b" (98) into the first of two partitions, and "a" (97) into the second.
      'counts-1000/_SUCCESS': '',
      'counts-1000/part-00000': '(b,1)\n',
      'counts-1000/part-00001': '(a,2)\n',
      'counts-2000/_SUCCESS': '',
      'counts-2000/part-00000': '',
      'counts-2000/part-00001': '',
      'words-1000.txt/_SUCCESS': '',
      'words-1000.txt/part-00000': 'a\nb\na\n',
      'words-2000.txt/_SUCCESS': '',
      'words-2000.txt/part-00000': '',
    });
  }
});
