import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint, seededRandom } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runChaos } from './chaos-run.ts';
import { faultsOf } from './checker.ts';
import { Sender } from './sender.ts';

/** A thousand kills or ten minutes, whichever is first, in CI and by `CHAOS=full`. */
const FULL = process.env['CHAOS'] === 'full' || process.env['CI'] === 'true';
const KILLS = FULL ? 1000 : 50;
const LONGEST_MS = 600_000;
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('a program over files and a socket', () => {
  it(
    `killed at random up to ${KILLS} times has taken each record once (seed ${SEED})`,
    async () => {
      const world = await temporaryDirectory(onTestFinished);
      const random = seededRandom(SEED);
      const sender = await Sender.open(world, random);
      onTestFinished(() => sender.close());
      const { kills, interrupted, torn } = await runChaos(world, sender, {
        kills: KILLS,
        until: Date.now() + LONGEST_MS,
        random,
      });
      expect(await faultsOf(world, sender)).toEqual([]);
      const { committed, pending } = await readCheckpoint(path.join(world, 'checkpoint'));
      expect(pending).toBeUndefined();
      process.stdout.write(
        `chaos: ${kills} kills, ${committed.totals.batches} batches, ${committed.totals.records} records in ` +
          `${sender.files.length} files and ${sender.lines.length} lines, seed ${SEED}; records torn ${torn}; interrupted: ` +
          `${Object.entries(interrupted)
            .map(([what, times]) => `${what} ${times}`)
            .join(', ')}\n`,
      );
      expect(interrupted['a batch between plan and commit']).toBeGreaterThan(0);
    },
    LONGEST_MS + 300_000,
  );
});
