import { expect, it } from 'vitest';
import { withoutThrowingListeners } from '../../src/host/throwing-listeners.ts';

it('takes off listeners that throw what they hear, and leaves the others and those of before', async () => {
  const heard: unknown[] = [];
  const before = (reason: unknown) => {
    throw reason;
  };
  const meanwhile = (error: unknown) => heard.push(error);
  const ofEmscripten = (ex: unknown) => {
    throw ex;
  };
  const listeners = () => process.listeners('uncaughtException') as unknown[];
  const others = listeners();
  process.on('uncaughtException', before);
  try {
    const given = await withoutThrowingListeners(async () => {
      process.on('uncaughtException', ofEmscripten);
      process.on('uncaughtException', meanwhile);
      return 7;
    });
    expect(given).toBe(7);
    expect(listeners()).toEqual([...others, before, meanwhile]);
  } finally {
    process.removeListener('uncaughtException', before);
    process.removeListener('uncaughtException', meanwhile);
  }
});
