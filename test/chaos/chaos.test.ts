import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint, seededRandom } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runChaos } from './chaos-run.ts';
import { faultsOf } from './checker.ts';
import type { ProgramSettings } from './program.ts';
import { Sender } from './sender.ts';

/** A thousand kills or ten minutes, whichever is first, in CI and by `CHAOS=full`; shared by the three runs. */
const FULL = process.env['CHAOS'] === 'full' || process.env['CI'] === 'true';
const KILLS = FULL ? 334 : 17;
const LONGEST_MS = 180_000;
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('a program over files and a socket', () => {
  it.each<[how: string, settings: Partial<ProgramSettings>]>([
    ['that resumes', {}],
    ['that resumes, with a write-ahead log', { writeAheadLog: true }],
    ['that is answered for, with a write-ahead log', { writeAheadLog: true, acknowledges: true }],
  ])(
    `%s, killed at random up to ${KILLS} times, has taken each record (seed ${SEED})`,
    async (how, settings) => {
      const world = await temporaryDirectory(onTestFinished);
      const random = seededRandom(SEED);
      const sender = await Sender.open(world, random, { acknowledged: settings.acknowledges ?? false });
      onTestFinished(() => sender.close());
      const until = Date.now() + LONGEST_MS;
      const figures = await runChaos(world, sender, { kills: KILLS, until, random, settings });
      const { kills, interrupted, torn } = figures;
      const { lines, files, maybeTwice } = sender;
      // Of the lines that are answered for, those that were under way at a kill may be there twice; all others once.
      expect(await faultsOf(world, sender)).toEqual([]);
      const { committed, pending } = await readCheckpoint(path.join(world, 'checkpoint'));
      expect(pending).toBeUndefined();
      const { batches, records } = committed.totals;
      const counts = Object.entries(interrupted).map(([what, times]) => `${what} ${times}`);
      process.stdout.write(
        `chaos ${how}, seed ${SEED}: ${kills} kills, ${batches} batches, ${records} records in ${files.length} files and ${lines.length} lines, ` +
          `${maybeTwice.size} of them sent again; records of the journal torn ${torn}; interrupted: ${counts.join(', ')}\n`,
      );
      expect(interrupted['a batch between plan and commit']).toBeGreaterThan(0);
    },
    LONGEST_MS + 300_000,
  );
});
