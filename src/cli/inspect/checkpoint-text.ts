import type { Found, Snapshot, SnapshotRecord } from '../../index.ts';
import { sizeText, table } from './plain-text.ts';

const LONGEST_OFFSET = 70;

/** A checkpoint as a person wants to read it. */
export function checkpointText(directory: string, { committed, pending, received }: Found): string {
  const { batch, time, totals, offsets, states } = committed;
  const lines = [`checkpoint ${directory}`, ''];
  if (batch < 0) lines.push('no batch is committed yet');
  else {
    const counts = [`${count(totals.batches)} batches`, `${count(totals.records)} records`];
    if (totals.rejected > 0) counts.push(`${count(totals.rejected)} of them bad and skipped`);
    lines.push(`last committed batch  ${batch}, of ${timeText(time)}`, `since the beginning   ${counts.join(', ')}`);
  }
  lines.push(
    pending === undefined
      ? 'under way             nothing'
      : `under way             batch ${pending.batch}, of ${timeText(pending.time)}: planned, not committed; it runs first`,
    ...section('source', 'offset', Object.entries(offsets), (offset) => [shortened(JSON.stringify(offset))]),
    ...section('received', 'waits for a batch', Object.entries(received), ({ start, records }) => [
      `${count(records.length)} records, from number ${count(start)} on`,
    ]),
    ...section('state', 'holds', Object.entries(states), (state) => [shapesOf(state), sizeText(sizeBytesOf(state))]),
  );
  return lines.join('\n');
}

function section<T>(
  name: string,
  about: string,
  entries: readonly (readonly [string, T])[],
  cellsOf: (value: T) => readonly string[],
): string[] {
  if (entries.length === 0) return [];
  return ['', ...table([[name, about], ...entries.map(([id, value]) => [id, ...cellsOf(value)])])];
}

/** `centers 6 numbers, weights 3 numbers` */
function shapesOf(state: SnapshotRecord): string {
  return Object.entries(state)
    .map(([name, part]) => `${name} ${shapeOf(part)}`)
    .join(', ');
}

function shapeOf(part: Snapshot): string {
  if (part instanceof Float64Array) return `${count(part.length)} numbers`;
  if (Array.isArray(part)) return `${count(part.length)} entries`;
  if (typeof part === 'object' && part !== null) return `{${Object.keys(part).length} parts}`;
  return shortened(JSON.stringify(part));
}

/** Bytes in memory of the numbers, and of the rest as JSON. */
function sizeBytesOf(part: Snapshot): number {
  if (part instanceof Float64Array) return part.byteLength;
  if (typeof part !== 'object' || part === null) return JSON.stringify(part).length;
  return Object.values(part).reduce((sum: number, each) => sum + sizeBytesOf(each as Snapshot), 0);
}

function shortened(text: string): string {
  return text.length > LONGEST_OFFSET ? `${text.slice(0, LONGEST_OFFSET - 1)}…` : text;
}

function timeText(time: number): string {
  return new Date(time).toISOString();
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
