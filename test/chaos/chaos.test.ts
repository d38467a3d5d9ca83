import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint, seededRandom } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runChaos } from './chaos-run.ts';
import { faultsOf } from './checker.ts';
import { Sender } from './sender.ts';

/** A thousand kills or ten minutes, whichever is first, in CI and by `CHAOS=full`; shared by the two runs. */
const FULL = process.env['CHAOS'] === 'full' || process.env['CI'] === 'true';
const KILLS = FULL ? 500 : 25;
const LONGEST_MS = 300_000;
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('a program over files and a socket', () => {
  it.each([
    ['that resumes', false],
    ['with a write-ahead log', true],
  ])(
    `%s, killed at random up to ${KILLS} times, has taken each record once (seed ${SEED})`,
    async (how, writeAheadLog) => {
      const world = await temporaryDirectory(onTestFinished);
      const random = seededRandom(SEED);
      const sender = await Sender.open(world, random);
      onTestFinished(() => sender.close());
      const until = Date.now() + LONGEST_MS;
      const figures = await runChaos(world, sender, { kills: KILLS, until, random, settings: { writeAheadLog } });
      const { kills, interrupted, torn } = figures;
      expect(await faultsOf(world, sender)).toEqual([]);
      const { committed, pending } = await readCheckpoint(path.join(world, 'checkpoint'));
      expect(pending).toBeUndefined();
      const { batches, records } = committed.totals;
      const counts = Object.entries(interrupted).map(([what, times]) => `${what} ${times}`);
      process.stdout.write(
        `chaos ${how}, seed ${SEED}: ${kills} kills, ${batches} batches, ${records} records in ${sender.files.length} files ` +
          `and ${sender.lines.length} lines; records of the journal torn ${torn}; interrupted: ${counts.join(', ')}\n`,
      );
      expect(interrupted['a batch between plan and commit']).toBeGreaterThan(0);
    },
    LONGEST_MS + 300_000,
  );
});
