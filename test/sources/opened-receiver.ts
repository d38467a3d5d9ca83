import { onTestFinished } from 'vitest';
import type { ReceiverJournal } from '../../src/contracts/source.ts';
import { type ReceiverOptions, ReceiverSource } from '../../src/sources/receiver-source.ts';
import { ManualClock } from '../../src/testing/index.ts';
import type { OwnReceiver } from './own-receiver.ts';
import { unlimited } from './unlimited.ts';

/** A source of what this receiver stores, opened, on a clock that stands still. */
export async function openedReceiver(
  receiver: OwnReceiver,
  options: ReceiverOptions = {},
  from?: number,
  journal?: ReceiverJournal,
) {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void warnings.push(message) };
  const source = new ReceiverSource(receiver, { name: 'own', streamId: 'own-1' }, clock, log, options);
  onTestFinished(() => source.close());
  const start = (await source.open(from, journal)) as number;
  const records = async () => (await source.read({ start, end: await source.plan(start, unlimited) })).collect();
  return { source, clock, warnings, start, records };
}
