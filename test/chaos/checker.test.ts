import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { seededRandom } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { toTheEnd } from './chaos-run.ts';
import { faultsOf, type Sent } from './checker.ts';
import { Program } from './program.ts';
import { END, Sender } from './sender.ts';

let right: string;
let sent: Sent;

beforeAll(async () => {
  right = await temporaryDirectory(afterAll);
  const sender = await Sender.open(right, seededRandom(7));
  for (const ends of [1, 2, 3]) {
    await sender.putFile(20);
    sender.sendLines(50);
    await sender.putFile(1, END);
    await toTheEnd(new Program({ world: right, port: sender.port, ends }));
  }
  sender.sendLines(1, END); // all lines before it have come
  await toTheEnd(new Program({ world: right, port: sender.port, ends: 4 }));
  await sender.close();
  sent = sender;
});

/** What the checker says of a copy in which something was changed. */
async function faultsWith(plant: (world: string) => Promise<void>): Promise<string[]> {
  const world = await temporaryDirectory(onTestFinished);
  await fs.cp(right, world, { recursive: true });
  await plant(world);
  return faultsOf(world, sent);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await fs.readFile(file, 'utf8');
  const changed = change(text);
  expect(changed, 'the fault must be planted').not.toBe(text);
  await fs.writeFile(file, changed);
}

/** The first partition with lines of an output, with the directory of its batch. */
async function firstPart(world: string, prefix: string): Promise<string> {
  const output = path.join(world, 'output');
  for (const batch of (await fs.readdir(output)).filter((name) => name.startsWith(prefix)).sort()) {
    for (const part of await fs.readdir(path.join(output, batch))) {
      const file = path.join(output, batch, part);
      if ((await fs.stat(file)).size > 0) return file;
    }
  }
  throw new Error(`no ${prefix} in ${world}`);
}

const editPart = (prefix: string, change: (text: string) => string) => async (world: string) =>
  edit(await firstPart(world, prefix), change);
const editLedger = (change: (text: string) => string) => (world: string) => edit(path.join(world, 'ledger'), change);
const editJournal = (change: (text: string) => string) => async (world: string) => {
  const checkpoint = path.join(world, 'checkpoint');
  const [journal] = await fs.readdir(checkpoint);
  await edit(path.join(checkpoint, journal!), change);
};

describe('the checker', () => {
  it('has nothing to say where all is right', async () => {
    expect(await faultsOf(right, sent)).toEqual([]);
  });

  it.each<[fault: string, says: RegExp, plant: (world: string) => Promise<void>]>([
    ['a lost record', /^lost: \d{7},/, editPart('records', (text) => text.replace(/.*\n/, ''))],
    ['a doubled record', /^twice: \d{7},/, editPart('records', (text) => text.replace(/.*\n/, '$&$&'))],
    ['a record from nowhere', /^never sent: 9/, editPart('records', (text) => `9999999,k1,1,1\n${text}`)],
    ['a wrong count', /^counts of batch \d+: /, editPart('counts', (text) => text.replace(/\d+\)/, '99)'))],
    [
      'a model that learned twice',
      /^model after batch 1: /,
      editLedger((text) => text.replace(/(\{"id":1,.*?"centers":\[\[)/, '$11')),
    ],
    [
      'a gap in the batch ids',
      /^batch 2 came after batch 0$/,
      editLedger((text) => text.replace(/\{"id":1,.*\n/g, '')),
    ],
    [
      'a batch that was another one when it was repeated',
      /^batch 1 was another one/,
      editLedger((text) => text.replace(/(\{"id":1,)(.*\n)/, '$1$2$1 $2')),
    ],
    [
      'a time that is not that of the batch',
      /^ledger and output differ/,
      editLedger((t) => t.replace('"time":', '"time":1')),
    ],
    [
      'damage in the journal',
      /^line 1 of the journal is damaged$/,
      editJournal((text) => text.replace('batch', 'Batch')),
    ],
    ['a torn journal', /^the journal ends in \d+ bytes of a torn record$/, editJournal((text) => text.slice(0, -3))],
    ['a batch without commit', /^the last batch is not committed$/, editJournal((text) => text.replace(/.*\n$/, ''))],
    [
      'a missing plan',
      /^journal: expected plan \d+, got commit/,
      editJournal((text) => text.replace(/.*\n(.*\n)$/, '$1')),
    ],
  ])('sees %s', async (_fault, says, plant) => {
    expect(await faultsWith(plant)).toContainEqual(expect.stringMatching(says));
  });

  it('sees an output that is missing, not whole, or left behind', async () => {
    const gone = await faultsWith(async (world) =>
      fs.rm(path.dirname(await firstPart(world, 'counts')), { recursive: true }),
    );
    expect(gone).toEqual([expect.stringMatching(/^no counts of batch \d+$/)]);
    const torn = await faultsWith(async (world) =>
      fs.rm(path.join(path.dirname(await firstPart(world, 'counts')), '_SUCCESS')),
    );
    expect(torn).toEqual([expect.stringMatching(/^counts-\d+ is not whole$/)]);
    const left = await faultsWith(async (world) => void (await fs.mkdir(path.join(world, 'output', '.counts-1.tmp'))));
    expect(left).toEqual(['left behind: .counts-1.tmp']);
  });

  it('sees lines in another order, and a file in pieces', async () => {
    const [first, second, ...others] = sent.lines;
    expect(await faultsOf(right, { ...sent, lines: [second!, first!, ...others] })).toEqual([
      `out of order: ${first}, expected ${second}`,
    ]);
    const [file, ...files] = sent.files;
    const pieces = { ...sent, files: [[...file!, sent.files[1]![0]!], sent.files[1]!.slice(1), ...files.slice(1)] };
    expect(await faultsOf(right, pieces)).toContainEqual(expect.stringMatching(/^a file in pieces: /));
  });
});
