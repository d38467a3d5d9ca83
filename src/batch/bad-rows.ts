import { DataError } from '../errors.ts';

/** A row that a table or a stage can't take, and why. */
export interface BadRow {
  /** Where it stood in the table that the first of the stages was given. */
  readonly position: number;
  readonly why: string;
}

/** At most so many of them are described in the message. */
const DESCRIBED = 3;

/** Rows that can't be taken. The message tells of the first few, `rows` of all, so that a stream can go on without them. */
export class BadRowsError extends DataError {
  /** What can't take them: a stage, a table. */
  readonly who: string;
  readonly rows: readonly BadRow[];

  constructor(who: string, rows: readonly BadRow[]) {
    const described = rows.slice(0, DESCRIBED).map(({ position, why }) => `row ${position}: ${why}`);
    const more = rows.length > DESCRIBED ? `; and ${rows.length - DESCRIBED} more rows` : '';
    super('bad-record', `${who}: ${described.join('; ')}${more}`, { context: { row: rows[0]?.position ?? null } });
    this.who = who;
    this.rows = rows;
  }
}
