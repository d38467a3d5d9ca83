import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Program, ProgramEnd } from './program.ts';
import { Tmpfs, whyNoMount } from './tmpfs.ts';
import { errorOf, World } from './world.ts';

const noMount = whyNoMount();

/** Sends lines, batch by batch, until the program ends by itself. */
async function sendUntilItEnds(world: World, program: Program): Promise<ProgramEnd> {
  let over = false;
  void program.ended.then(() => {
    over = true;
  });
  while (!over) {
    world.sender.sendLines(20);
    await world.batchWritten(program);
  }
  return program.ended;
}

describe.skipIf(noMount !== undefined)(
  `a disk that is full${noMount === undefined ? '' : ` (skipped: ${noMount})`}`,
  () => {
    it.each([
      { what: 'the journal', file: /journal-00000001/, on: 'checkpoint', sizeKiB: 64, replaceAboveBytes: 10_000_000 },
      {
        what: 'what was received',
        file: /journal-00000001/,
        on: 'checkpoint',
        sizeKiB: 64,
        replaceAboveBytes: 10_000_000,
      },
      // A snapshot of so many keys takes two blocks of 4 KiB, and the journal leaves one at most.
      {
        what: 'the snapshot',
        file: /journal-00000002/,
        on: 'checkpoint',
        sizeKiB: 32,
        replaceAboveBytes: 25_000,
        keys: 300,
      },
      { what: 'the output', file: /output.(records|counts)-/, on: 'output', sizeKiB: 256, replaceAboveBytes: 40_000 },
    ])('under $what ends the program with the reason, and with space again it goes on exactly', async (full) => {
      const { what, file, on, sizeKiB, replaceAboveBytes, keys = 0 } = full;
      const writeAheadLog = what === 'what was received';
      const world = await World.make();
      const disk = Tmpfs.mount(path.join(world.directory, on), sizeKiB, onTestFinished);
      for (let key = 0; key < keys; key++) world.sender.sendLines(1, `key-${key}`);
      const program = world.start({ replaceAboveBytes, writeAheadLog });
      await program.started;
      const error = errorOf(await sendUntilItEnds(world, program));
      expect(error).toMatch(/^UsageError io: .*ENOSPC: no space left on device.*$/);
      expect(error).toContain(disk.directory);
      expect(error).toMatch(file);

      disk.remount('size=16m');
      await world.runToTheEnd({ writeAheadLog });
    });
  },
);
