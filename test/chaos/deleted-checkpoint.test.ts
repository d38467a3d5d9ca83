import * as fs from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorOf, World } from './world.ts';

it.each([
  ['the journal', 10_000_000],
  ['the snapshot that replaces the journal', 1],
])('a program whose checkpoint was deleted ends when it can not write %s', async (_what, replaceAboveBytes) => {
  const world = await World.make();
  const program = world.start({ replaceAboveBytes });
  await program.started;
  world.sender.sendLines(30);
  await world.batchWritten(program);
  await fs.rm(world.checkpoint, { recursive: true, maxRetries: 5 }); // the program may just be adding a file
  world.sender.sendLines(30);
  const error = errorOf(await program.ended);
  expect(error).toMatch(/^UsageError io: checkpoint: can't write .*journal-\d{8}\.log \(.*\); start again .*$/);
  expect(error).toContain(world.checkpoint);
  await expect(fs.access(world.checkpoint), 'nothing may be there that looks like a checkpoint').rejects.toThrow(
    'ENOENT',
  );
});
