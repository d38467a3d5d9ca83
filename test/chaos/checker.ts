/**
 * Says what is wrong with what a program of `program.mjs` left behind, given all that was sent to it. Shares no code with
 * Millrace: it knows the records, the format of the output and of the journal, and the definition of k-means.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { readJournalFile } from './journal-file.ts';
import { type PlainModel, plainKMeansStep } from './plain-k-means.ts';

/** All that was sent. A record is `id,key,x,y`; no id comes twice. */
export interface Sent {
  /** The records of each file. */
  readonly files: readonly (readonly string[])[];
  /** The lines of the socket. */
  readonly lines: readonly string[];
  /** Those of them that may be there twice: sent again for want of an answer. */
  readonly maybeTwice: ReadonlySet<string>;
}

/** The partitions of each batch's output, by batch time. */
type Output = ReadonlyMap<number, readonly (readonly string[])[]>;

interface LedgerEntry extends PlainModel {
  readonly id: number;
  readonly time: number;
  readonly records: number;
}

const MODEL: PlainModel = {
  centers: [
    [10, 10],
    [80, 10],
    [10, 80],
  ],
  weights: [1, 1, 1],
};
const DECAY_FACTOR = 0.99;
/** The checker adds up in another order than Millrace. */
const RELATIVE_TOLERANCE = 1e-9;

/** What is wrong, one sentence each; nothing when all is right. */
export async function faultsOf(world: string, sent: Sent): Promise<string[]> {
  const faults: string[] = [];
  const records = await readOutput(world, 'records', faults);
  const counts = await readOutput(world, 'counts', faults);
  const ledger = await readLedger(world, faults);
  checkRecords(records, sent, faults);
  checkCounts(records, counts, faults);
  checkLedger(ledger, records, faults);
  await checkJournal(path.join(world, 'checkpoint'), ledger, faults);
  return faults;
}

async function readOutput(world: string, prefix: string, faults: string[]): Promise<Output> {
  const output = path.join(world, 'output');
  const batches: [number, string[][]][] = [];
  for (const name of await fs.readdir(output)) {
    if (name.startsWith(`.${prefix}-`)) faults.push(`left behind: ${name}`);
    if (!name.startsWith(`${prefix}-`)) continue;
    const parts = (await fs.readdir(path.join(output, name))).sort();
    if (!parts.includes('_SUCCESS')) faults.push(`${name} is not whole`);
    const texts = await Promise.all(
      parts
        .filter((part) => /^part-\d{5}$/.test(part))
        .map((part) => fs.readFile(path.join(output, name, part), 'utf8')),
    );
    batches.push([Number(name.slice(prefix.length + 1)), texts.map((text) => text.split('\n').slice(0, -1))]);
  }
  return new Map(batches.sort(([a], [b]) => a - b));
}

/** Every record once: files whole, each in a partition of its own; the lines of the socket in their order. */
function checkRecords(records: Output, sent: Sent, faults: string[]): void {
  const partitions = [...records.values()].flat();
  const all = partitions.flat();
  const wanted = [...sent.files.flat(), ...sent.lines];
  const seen = new Set(all);
  const known = new Set(wanted);
  for (const record of wanted) if (!seen.has(record)) faults.push(`lost: ${record}`);
  const once: string[] = [];
  for (const record of all) {
    if (!known.has(record)) faults.push(`never sent: ${record}`);
    else if (seen.delete(record)) once.push(record);
    else if (!sent.maybeTwice.has(record)) faults.push(`twice: ${record}`);
  }
  const wholes = new Set(partitions.map((partition) => partition.join('\n')));
  for (const file of sent.files) if (!wholes.has(file.join('\n'))) faults.push(`a file in pieces: ${file[0]} …`);
  const isLine = new Set(sent.lines);
  const lines = once.filter((record) => isLine.has(record));
  const first = lines.findIndex((line, at) => line !== sent.lines[at]);
  if (first >= 0) faults.push(`out of order: ${lines[first]}, expected ${sent.lines[first]}`);
}

/** After every batch, the state is what the records up to then make. */
function checkCounts(records: Output, counts: Output, faults: string[]): void {
  const totals = new Map<string, number>();
  for (const [time, partitions] of records) {
    for (const record of partitions.flat()) {
      const key = record.split(',')[1]!;
      totals.set(key, (totals.get(key) ?? 0) + 1);
    }
    const expected = Array.from(totals, ([key, total]) => `(${key},${total})`).sort();
    const written = counts.get(time)?.flat().sort();
    if (written === undefined) faults.push(`no counts of batch ${time}`);
    else if (written.join() !== expected.join()) {
      faults.push(`counts of batch ${time}: expected ${expected.join(' ')}, got ${written.join(' ')}`);
    }
  }
  for (const time of counts.keys()) if (!records.has(time)) faults.push(`no records of batch ${time}`);
}

async function readLedger(world: string, faults: string[]): Promise<LedgerEntry[]> {
  const text = await fs.readFile(path.join(world, 'ledger'), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  const entries: LedgerEntry[] = [];
  for (const [at, line] of lines.entries()) {
    const entry = JSON.parse(line) as LedgerEntry;
    if (entry.id === entries.length) entries.push(entry);
    else if (entry.id !== entries.length - 1) faults.push(`batch ${entry.id} came after batch ${entries.length - 1}`);
    else if (line !== lines[at - 1]) faults.push(`batch ${entry.id} was another one when it was repeated`);
  }
  return entries;
}

/** The ledger and the output tell of the same batches, and the model has learned from each once. */
function checkLedger(ledger: readonly LedgerEntry[], records: Output, faults: string[]): void {
  const times = ledger.map(({ time }) => time);
  if (times.join() !== [...records.keys()].join()) {
    const inOne = [...times, ...records.keys()].filter((time) => !times.includes(time) || !records.has(time));
    faults.push(`ledger and output differ, or the ledger goes back in time: ${inOne.join(' ')}`);
  }
  let model = MODEL;
  for (const { id, time, records: count, centers, weights } of ledger) {
    const batch = records.get(time)?.flat() ?? [];
    if (batch.length !== count)
      faults.push(`batch ${id}: ${count} records in the ledger, ${batch.length} in the output`);
    const points = batch.map((record) => record.split(',').slice(2).map(Number));
    model = plainKMeansStep(model, points, DECAY_FACTOR);
    if (!areClose([...centers.flat(), ...weights], [...model.centers.flat(), ...model.weights])) {
      faults.push(
        `model after batch ${id}: expected ${JSON.stringify(model)}, got ${JSON.stringify({ centers, weights })}`,
      );
      model = { centers, weights }; // one fault, not one a batch
    }
  }
}

function areClose(a: readonly number[], b: readonly number[]): boolean {
  return (
    a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(x)))
  );
}

/** One journal, whole, with every plan committed, that tells of as many batches and records as there were. */
async function checkJournal(checkpoint: string, ledger: readonly LedgerEntry[], faults: string[]): Promise<void> {
  const { names, records, tornBytes, damagedLines } = await readJournalFile(checkpoint);
  const journals = names.filter((name) => name.startsWith('journal-'));
  if (journals.length !== 1 || !journals[0]!.endsWith('.log'))
    faults.push(`expected one journal, found ${names.join(' ')}`);
  if (tornBytes > 0) faults.push(`the journal ends in ${tornBytes} bytes of a torn record`);
  for (const line of damagedLines) faults.push(`line ${line} of the journal is damaged`);
  const [snapshot, ...others] = records.filter(({ type }) => type !== 'received');
  if (snapshot?.type !== 'snapshot') return void faults.push('the journal does not begin with a snapshot');
  // Where the sources begin is told once, before the first batch.
  const tellsBeginning = snapshot.batch === -1 && others[0]?.type === 'opened';
  const rest = tellsBeginning ? others.slice(1) : others;
  for (const [at, { type, batch }] of rest.entries()) {
    const expected = `${at % 2 === 0 ? 'plan' : 'commit'} ${snapshot.batch! + 1 + Math.floor(at / 2)}`;
    if (`${type} ${batch}` !== expected) return void faults.push(`journal: expected ${expected}, got ${type} ${batch}`);
  }
  if (rest.length % 2 === 1) faults.push('the last batch is not committed');
  const last = rest.at(-1) ?? snapshot;
  const expected = { batches: ledger.length, records: ledger.reduce((sum, entry) => sum + entry.records, 0) };
  const { batches, records: recordCount } = last.totals ?? { batches: 0, records: 0 };
  if (last.batch !== ledger.length - 1 || batches !== expected.batches || recordCount !== expected.records) {
    faults.push(
      `journal: expected ${expected.batches} batches and ${expected.records} records, got ${batches} and ${recordCount}`,
    );
  }
}
