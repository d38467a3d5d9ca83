import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/host/clock.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';

describe('ManualClock', () => {
  it('stands still until it is moved, and wakes those whose time has come in the order of their times', async () => {
    const clock = new ManualClock(100);
    const woken: string[] = [];
    const sleeps = [
      clock.sleepUntil(130).then(() => woken.push('130')),
      clock.sleepUntil(110).then(() => woken.push('110')),
      clock.sleepUntil(131).then(() => woken.push('131')),
    ];
    clock.advance(9);
    await Promise.resolve();
    expect(woken).toEqual([]);
    clock.advance(21);
    await Promise.all(sleeps.slice(0, 2));
    expect(woken).toEqual(['110', '130']);
    expect([clock.now(), clock.monotonicMs()]).toEqual([130, 130]);
    clock.advance(1);
    await sleeps[2];
    expect(woken).toEqual(['110', '130', '131']);
  });
});

describe.each([
  { name: 'ManualClock', clock: new ManualClock(1000) },
  { name: 'systemClock', clock: systemClock },
])('$name', ({ clock }) => {
  it('does not sleep until a time that is past', async () => {
    await clock.sleepUntil(clock.now());
    await clock.sleepUntil(Number.NEGATIVE_INFINITY);
  });

  it('wakes when the signal is aborted, or was before', async () => {
    const abort = new AbortController();
    const sleep = clock.sleepUntil(Number.POSITIVE_INFINITY, abort.signal);
    abort.abort();
    await sleep;
    await clock.sleepUntil(Number.POSITIVE_INFINITY, abort.signal);
  });
});

describe('systemClock', () => {
  it('sleeps no shorter than it is told to', async () => {
    const wakeAt = systemClock.now() + 3;
    await systemClock.sleepUntil(wakeAt);
    expect(systemClock.now()).toBeGreaterThanOrEqual(wakeAt);
  });
});
