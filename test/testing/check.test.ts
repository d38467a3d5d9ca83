import { expect, it } from 'vitest';
import { check, notApplicable } from '../../src/testing/check.ts';

it('a check is ok where its body ends, failed where it throws, and not applicable where it says so', async () => {
  const cause = new Error('the law is broken');
  const broken = check('breaks', async () => {
    throw cause;
  });
  expect(await check('holds', async () => {}).run()).toEqual({ kind: 'ok' });
  expect(await broken.run()).toEqual({ kind: 'failed', why: 'the law is broken', cause });
  expect(await check('has no case', async () => notApplicable('it never closes')).run()).toEqual({
    kind: 'not applicable',
    because: 'it never closes',
  });
});
