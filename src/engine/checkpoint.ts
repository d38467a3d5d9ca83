import * as fs from 'node:fs/promises';
import { type SnapshotRecord, snapshotToText } from '../batch/snapshot.ts';
import type { Received } from '../contracts/source.ts';
import { atPlace, messageOf, UsageError } from '../errors.ts';
import { lockDirectory } from '../host/directory-lock.ts';
import {
  type BatchCommit,
  type Committed,
  dropCommitted,
  type Found,
  foundIn,
  NOTHING_COMMITTED,
  type Plan,
  snapshotRecord,
} from './checkpoint-records.ts';
import { Journal, readJournal } from './journal.ts';
import { ownValue } from './own-value.ts';
import { ReceivedRecords } from './received-records.ts';

/** A journal is replaced by a snapshot when it is larger than this, and than so many times the last snapshot. */
const SMALLEST_TO_REPLACE_BYTES = 4 * 1024 * 1024;
const GROWTH_TO_REPLACE = 2;

/** Where plans and commits go. */
export interface CommitLog {
  /** What is on the disk. */
  readonly sizeBytes: number;
  /** Whether nothing is kept. Default false. */
  readonly isVolatile?: boolean;
  /** Resolves when the records are as safe as they get. Need not be waited for. */
  logReceived(source: string, received: Received): Promise<void>;
  /** Where sources begin that the log doesn't know yet. */
  logOpened(offsets: Committed['offsets']): Promise<void>;
  logPlan(plan: Plan): Promise<void>;
  /** `everything` gives all states whole, for when the journal is to be made short. Later batches must not change it. */
  commit(commit: BatchCommit, everything: () => Committed): Promise<void>;
  close(): Promise<void>;
}

/** For a context without a checkpoint directory: a crash loses what was learned. */
export const volatileCommitLog: CommitLog = {
  sizeBytes: 0,
  isVolatile: true,
  logReceived: async () => {},
  logOpened: async () => {},
  logPlan: async () => {},
  commit: async () => {},
  close: async () => {},
};

export interface CheckpointOptions {
  /** Size above which the journal is replaced by a snapshot, bytes. Default 4 MiB. */
  readonly replaceAboveBytes?: number;
}

/** The commit log in a directory: one flush a plan, one a commit, and one for all that is received while another is under way. */
export class Checkpoint implements CommitLog {
  readonly #journal: Journal;
  readonly #unlock: () => Promise<void>;
  readonly #smallestToReplaceBytes: number;
  /** The size at which the journal is made short next. */
  #replaceAboveBytes: number;
  /** The text of each state as it stands in the journal, to write only what changed. */
  readonly #written = new Map<string, string>();
  readonly #received: ReceivedRecords;
  /** The batch under way. */
  #pending: Plan | undefined;
  /** Until the first commit: states as they were found. Of the large ones nobody ever needs the text. */
  #found: Committed['states'];

  private constructor(journal: Journal, found: Found, unlock: () => Promise<void>, replaceAboveBytes: number) {
    this.#journal = journal;
    this.#found = found.committed.states;
    this.#received = new ReceivedRecords(found.received);
    this.#pending = found.pending;
    this.#unlock = unlock;
    this.#smallestToReplaceBytes = replaceAboveBytes;
    this.#replaceAboveBytes = Math.max(replaceAboveBytes, journal.sizeBytes);
  }

  /** Opens a checkpoint directory for this process alone, making it where there is none. */
  static async open(directory: string, options: CheckpointOptions = {}): Promise<[Checkpoint, Found]> {
    const { replaceAboveBytes = SMALLEST_TO_REPLACE_BYTES } = options;
    if (!(replaceAboveBytes > 0)) {
      throw new UsageError('bad-option', `checkpoint: expected replaceAboveBytes > 0, got ${replaceAboveBytes}`);
    }
    await fs.mkdir(directory, { recursive: true }).catch((cause) => {
      throw new UsageError('io', `checkpoint: can't make the directory ${directory} (${messageOf(cause)})`, { cause });
    });
    const unlock = await lockDirectory(directory);
    let journal: Journal | undefined;
    try {
      const [opened, records] = await Journal.open(directory, snapshotRecord(NOTHING_COMMITTED, {}));
      journal = opened;
      const found = foundIn(records, directory);
      return [new Checkpoint(opened, found, unlock, replaceAboveBytes), found];
    } catch (error) {
      await journal?.close();
      await unlock();
      throw error;
    }
  }

  get sizeBytes(): number {
    return this.#journal.sizeBytes;
  }

  logReceived(source: string, received: Received): Promise<void> {
    const written = this.#journal.append({ type: 'received', source, ...received });
    this.#received.add(source, received);
    return written;
  }

  async logOpened(offsets: Committed['offsets']): Promise<void> {
    await this.#journal.append({ type: 'opened', offsets });
  }

  async logPlan(plan: Plan): Promise<void> {
    this.#pending = plan;
    await this.#journal.append({ type: 'plan', ...plan });
  }

  async commit(commit: BatchCommit, everything: () => Committed): Promise<void> {
    try {
      await this.#journal.append({ type: 'commit', ...commit, states: this.#takeChanged(commit.states) });
    } catch (error) {
      throw atState(error, { ...commit.states, ...commit.changes });
    }
    dropCommitted(this.#received, this.#pending!);
    if (this.#journal.sizeBytes > this.#replaceAboveBytes) void this.#replaceBy(everything());
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#unlock();
  }

  /** Makes the journal short, while batches go on. Where that fails, the next plan or commit does. */
  async #replaceBy(everything: Committed): Promise<void> {
    this.#replaceAboveBytes = Number.POSITIVE_INFINITY;
    await this.#journal.replace(snapshotRecord(everything, this.#received.all())).catch(() => {});
    this.#replaceAboveBytes = Math.max(this.#smallestToReplaceBytes, GROWTH_TO_REPLACE * this.#journal.sizeBytes);
  }

  #takeChanged(states: Committed['states']): Record<string, SnapshotRecord> {
    const changed: Record<string, SnapshotRecord> = {};
    for (const [id, state] of Object.entries(states)) {
      const text = snapshotToText(state);
      const found = ownValue(this.#found, id);
      const before = this.#written.get(id) ?? (found && snapshotToText(found));
      this.#written.set(id, text);
      if (before !== text) changed[id] = state;
    }
    this.#found = {};
    return changed;
  }
}

/** Where a state can't be written: the error, naming the state. */
function atState(error: unknown, states: Committed['states']): unknown {
  for (const [id, state] of Object.entries(states)) {
    try {
      snapshotToText(state);
    } catch (own) {
      return own instanceof UsageError ? atPlace(own, { state: id }) : own;
    }
  }
  return error;
}

/** What is in a checkpoint directory, read only. */
export async function readCheckpoint(directory: string): Promise<Found> {
  return foundIn(await readJournal(directory), directory);
}
