import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppendFile, mapFiles, readIfThere, readNamedFile, writeFileAtomically } from '../../src/host/files.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function newFile(content?: string): Promise<string> {
  const file = path.join(await temporaryDirectory(onTestFinished), 'file');
  if (content !== undefined) await fs.writeFile(file, content);
  return file;
}

describe('writeFileAtomically', () => {
  it('replaces a file whole, also with less, and leaves nothing beside it', async () => {
    const file = await newFile('much longer than what comes');
    await writeFileAtomically(file, 'short');
    expect(await fs.readFile(file, 'utf8')).toBe('short');
    expect(await fs.readdir(path.dirname(file))).toEqual(['file']);
  });

  it('overwrites what a crash has left half written', async () => {
    const file = await newFile();
    await fs.writeFile(`${file}.tmp`, 'half of something that was much longer');
    await writeFileAtomically(file, 'whole');
    expect(await fs.readFile(file, 'utf8')).toBe('whole');
  });

  it('leaves the old file where it fails', async () => {
    const file = await newFile('old');
    await fs.mkdir(`${file}.tmp`);
    await expect(writeFileAtomically(file, 'new')).rejects.toThrow('EISDIR');
    expect(await fs.readFile(file, 'utf8')).toBe('old');
  });

  it('leaves nothing half written where it fails', async () => {
    const file = await newFile();
    await fs.mkdir(path.join(file, 'not empty'), { recursive: true });
    await expect(writeFileAtomically(file, 'new')).rejects.toThrow();
    expect(await fs.readdir(path.dirname(file))).toEqual(['file']);
  });
});

describe('AppendFile', () => {
  it('cuts off what follows the bytes to keep, and goes on there', async () => {
    const file = await newFile('whole records|torn');
    const appended = await AppendFile.open(file, 'whole records|'.length);
    expect(await fs.readFile(file, 'utf8')).toBe('whole records|');
    await appended.append(Buffer.from('ä'));
    await appended.append(Buffer.from('b'));
    expect(appended.sizeBytes).toBe('whole records|'.length + 3);
    await appended.close();
    expect(await fs.readFile(file, 'utf8')).toBe('whole records|äb');
  });

  it.skipIf(process.platform === 'win32')('says so when it was removed, before it counts what it wrote', async () => {
    const file = await newFile('');
    const appended = await AppendFile.open(file, 0);
    onTestFinished(() => appended.close());
    await fs.rm(file);
    await expect(appended.append(Buffer.from('a'))).rejects.toThrow('it was removed while in use');
    expect(appended.sizeBytes).toBe(0);
  });

  it('closes twice without harm', async () => {
    const appended = await AppendFile.open(await newFile(''), 0);
    await appended.close();
    await appended.close();
  });
});

describe('mapFiles', () => {
  it('gives what is made of each, in their order, with few under way at a time', async () => {
    const files = Array.from({ length: 100 }, (_, file) => file);
    let underWay = 0;
    let most = 0;
    const doubled = await mapFiles(files, async (file) => {
      most = Math.max(most, ++underWay);
      for (let turns = 7 - (file % 7); turns > 0; turns--) await null;
      underWay--;
      return 2 * file;
    });
    expect(doubled).toEqual(files.map((file) => 2 * file));
    expect(most).toBe(16);
  });

  it('rejects with the first error, and begins no more', async () => {
    let begun = 0;
    const files = Array.from({ length: 100 }, (_, file) => file);
    await expect(
      mapFiles(files, async (file) => {
        begun++;
        if (file === 20) throw new Error(`no ${file}`);
      }),
    ).rejects.toThrow('no 20');
    expect(begun).toBeLessThan(40);
  });

  it('of none gives none', async () => {
    expect(await mapFiles([], async () => 1)).toEqual([]);
  });
});

describe('reading', () => {
  it('gives undefined where there is no file, and any other error as it is', async () => {
    const file = await newFile();
    expect(await readIfThere(file)).toBeUndefined();
    await expect(readIfThere(path.dirname(file))).rejects.toThrow('EISDIR');
  });

  it('names the file that the user named and that is not there', async () => {
    const file = await newFile();
    const notFound = { name: 'UsageError', code: 'not-found', message: expect.stringContaining(file) };
    await expect(readNamedFile(file, 'model')).rejects.toMatchObject(notFound);
    await fs.mkdir(file);
    await expect(readNamedFile(file, 'model')).rejects.toMatchObject(notFound);
  });
});
