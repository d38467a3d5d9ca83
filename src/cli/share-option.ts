import { InvalidArgumentError } from 'commander';
import { SharedJob, UsageError } from '../index.ts';
import { parseKafkaUrl } from './kafka-url.ts';

/** Which share of a job, of how many. */
export interface Share {
  readonly share: number;
  readonly count: number;
}

/** `2/3`, as commander parses it. */
export function shareOf(text: string): Share {
  const [, share, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (share === undefined || count === undefined) throw new InvalidArgumentError('Expected a share such as 1/3.');
  return { share: Number(share), count: Number(count) };
}

export interface SharedOptions {
  readonly share?: Share;
  readonly source: string;
  readonly sink?: string;
  readonly checkpoint?: string;
}

/** The job that this process does a share of, if it does. Throws `UsageError` where it can't be shared. */
export function sharedJobOf({ share, source, sink, checkpoint }: SharedOptions): SharedJob | undefined {
  if (share === undefined) return undefined;
  const lacking = (what: string) => new UsageError('bad-option', `--share: expected ${what}, got none`);
  if (!source.startsWith('kafka://')) throw lacking('--source kafka://…');
  if (sink === undefined) throw lacking('--sink kafka://…?transactionalId=ID');
  if (checkpoint === undefined) throw lacking('--checkpoint, one for each share');
  const { connection, settings } = parseKafkaUrl(sink, '--sink', ['transactionalId', 'compression']);
  if (settings.transactionalId === undefined) throw lacking('a transactionalId in --sink, the same for all shares');
  const { transactionalId, ...others } = settings;
  return new SharedJob({ ...connection, job: transactionalId, ...share, ...others });
}
