import { describe, expect, it, onTestFinished } from 'vitest';
import { Tmpfs, whyNoMount } from './tmpfs.ts';
import { errorOf, World } from './world.ts';

const noMount = whyNoMount();

describe.skipIf(noMount !== undefined)(
  `a checkpoint directory that is read-only${noMount === undefined ? '' : ` (skipped: ${noMount})`}`,
  () => {
    it.each(['new', 'used'])('ends the program with the reason where it is %s, and harms nothing', async (age) => {
      const world = await World.make();
      const disk = Tmpfs.mount(world.checkpoint, 1024, onTestFinished);
      world.sender.sendLines(30);
      if (age === 'used') await world.runToTheEnd();
      disk.remount('ro');
      world.sender.sendLines(30);
      const error = errorOf(await world.start().ended);
      expect(error).toMatch(/^UsageError io: checkpoint: .*EROFS: read-only file system.*$/);
      expect(error).toContain(world.checkpoint);

      disk.remount('rw');
      await world.runToTheEnd();
    });
  },
);
