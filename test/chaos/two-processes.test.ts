import { expect, it } from 'vitest';
import { errorOf, World } from './world.ts';

it('a second process on a checkpoint is refused, and the first one is unharmed', async () => {
  const world = await World.make();
  world.sender.sendLines(30);
  const first = world.start();
  await first.started;
  const error = errorOf(await world.start().ended);
  expect(error).toBe(
    `StateError in-use: ${world.checkpoint}: in use by another process or context; stop that one first`,
  );
  world.sender.sendLines(30);
  await world.end(first);
  await world.check();
});

it('the checkpoint of a process that was killed is free at once', async () => {
  const world = await World.make();
  for (let kills = 0; kills < 5; kills++) {
    const program = world.start();
    await program.started;
    world.sender.sendLines(30);
    await program.kill();
  }
  await world.runToTheEnd();
});
