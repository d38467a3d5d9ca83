import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import { DataError, messageOf } from '../errors.ts';
import type { LookTotals } from './look-totals.ts';
import type { SequentialResult } from './sequential-result.ts';
import { type SequentialTestOptions, settingsOf } from './sequential-test-options.ts';
import { Verdict } from './verdict.ts';

/** One look: what it said, and all that it was made from. */
export type Look = SequentialResult & {
  readonly totals: LookTotals;
};

/** A whole experiment as it was watched. */
export interface ExperimentLog {
  readonly options: SequentialTestOptions;
  /** Oldest first. */
  readonly looks: readonly Look[];
}

/** What an audit found. */
export interface Audit {
  /** Looks that follow from their totals, the options and the looks before them. */
  readonly confirmed: number;
  /** The first look that does not, counted from 0, and in what it differs; absent where all do. */
  readonly wrong?: { readonly look: number; readonly what: readonly string[] };
}

/**
 * Makes every look of an experiment again, from the totals that it was made from, and compares what it says to what was recorded, to
 * the last bit: p-values, intervals, verdicts and the reasons for them. Cost: O(looks · comparisons).
 */
export function auditLooks({ options, looks }: ExperimentLog): Audit {
  const verdict = new Verdict(settingsOf(options));
  for (const [look, { totals, ...recorded }] of looks.entries()) {
    verdict.look(recorded.time, totals);
    const again = verdict.result(totals);
    const what = Object.keys(again).filter((name) => textOf(again, name) !== textOf(recorded, name));
    if (what.length > 0) return { confirmed: look, wrong: { look, what } };
  }
  return { confirmed: looks.length };
}

/** The log as lines of JSON: the options, then a look a line. Numbers that JSON lacks are spelt `{"$number":"Infinity"}`. */
export function experimentLogToText({ options, looks }: ExperimentLog): string {
  const parts = [JSON.stringify(options), ...looks.map((look) => snapshotToText(look))];
  return `${parts.join('\n')}\n`;
}

/** The log of a text that `experimentLogToText` gave. Throws `DataError` (`bad-record`) where it is no such text. */
export function experimentLogFromText(text: string): ExperimentLog {
  const [options, ...looks] = text.trimEnd().split('\n').map(parsed);
  const log = { options, looks } as unknown as ExperimentLog;
  if (typeof log.options?.arms !== 'object') throw notALog(0, 'the options of an experiment');
  const bad = log.looks.findIndex(({ totals, comparisons }) => !totals?.counts || !Array.isArray(comparisons));
  if (bad >= 0) throw notALog(bad + 1, 'a look');
  return log;
}

/** The logs of all experiments in a checkpoint, by the ids of their states. `states`, `changes`: of what is committed. */
export function experimentLogsIn(saved: {
  readonly states: Readonly<Record<string, SnapshotRecord>>;
  readonly changes: Readonly<Record<string, readonly SnapshotRecord[]>>;
}): Readonly<Record<string, ExperimentLog>> {
  const logs = Object.entries(saved.states).flatMap(([id, state]): [string, ExperimentLog][] => {
    const { options, verdict, looks } = state;
    if (options === undefined || verdict === undefined || !Array.isArray(looks)) return [];
    const changes = saved.changes[id] ?? [];
    const later = changes.flatMap((change) => change['looks'] ?? []);
    const last = changes.findLast((change) => change['options'] !== undefined)?.['options'] ?? options;
    return [[id, { options: last, looks: [...looks, ...later] } as unknown as ExperimentLog]];
  });
  return Object.fromEntries(logs);
}

function textOf(of: object, name: string): string {
  return snapshotToText((of as SnapshotRecord)[name] ?? null);
}

function parsed(line: string, at: number): SnapshotRecord {
  try {
    return snapshotFromText(line) as SnapshotRecord;
  } catch (cause) {
    throw new DataError('bad-record', `experiment log: line ${at + 1} is no JSON (${messageOf(cause)})`, { cause });
  }
}

function notALog(line: number, expected: string): DataError {
  return new DataError('bad-record', `experiment log: expected ${expected} in line ${line + 1}, got something else`);
}
