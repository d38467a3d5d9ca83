import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Random } from '../../src/index.ts';
import { readJournalFile } from './journal-file.ts';

/**
 * Cuts the journal's last record somewhere, as a power cut leaves it while it is being written: a killed process alone can't,
 * for the system finishes what it has begun to write. Only a record that nothing was done after can be the last to be
 * written: a plan whose batch has no output yet, or what was received and not `answered` for. Tells whether there was one.
 */
export async function tearLastRecord(world: string, random: Random, { answered }: { answered: boolean }) {
  const checkpoint = path.join(world, 'checkpoint');
  const { newest, records, tornBytes } = await readJournalFile(checkpoint);
  const last = records.at(-1);
  if (newest === undefined || tornBytes > 0) return false;
  if (last?.type !== 'plan' && (last?.type !== 'received' || answered)) return false;
  const ledger = await fs.readFile(path.join(world, 'ledger'), 'utf8').catch(() => '');
  if (last.type === 'plan' && ledger.includes(`{"id":${last.batch},`)) return false;
  const file = path.join(checkpoint, newest);
  const bytes = await fs.readFile(file);
  const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
  await fs.truncate(file, start + Math.floor(random.next() * (bytes.length - start)));
  return true;
}
