import { describe, expect, it } from 'vitest';
import { State, StateSpec } from '../../src/dstream/state-spec.ts';

describe('a State', () => {
  it('is there once it is updated, and gone once it is removed', () => {
    const state = State.of<number>(undefined);
    expect([state.exists(), state.getOption(), String(state)]).toEqual([false, undefined, '<state not set>']);
    state.update(3);
    expect([state.exists(), state.get(), state.getOption(), String(state)]).toEqual([true, 3, 3, '3']);
    state.remove();
    expect([state.exists(), state.getOption(), String(state)]).toEqual([false, undefined, '<state not set>']);
    expect(State.of(5).isTimingOut()).toBe(false);
    expect(State.timingOut(5).isTimingOut()).toBe(true);
  });

  const removed = () => {
    const state = State.of(1);
    state.remove();
    return state;
  };
  it.each<[string, () => unknown]>([
    ['State is not set', () => State.of(undefined).get()],
    ['requirement failed: Cannot update the state after it has been removed', () => removed().update(1)],
    ['requirement failed: Cannot update the state that is timing out', () => State.timingOut(1).update(2)],
    ['requirement failed: Cannot remove the state that is timing out', () => State.timingOut(1).remove()],
    ['requirement failed: Cannot remove the state that has already been removed', () => removed().remove()],
    [
      'requirement failed: Cannot update the state to undefined; remove() removes it',
      () => State.of<number | undefined>(1).update(undefined),
    ],
  ])('%s', (message, use) => {
    expect(use).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });
});

describe('a StateSpec', () => {
  const spec = StateSpec.function(() => undefined);

  it('is made step by step, and no step changes the one before', () => {
    const whole = spec
      .initialState([['a', 1]] as never)
      .timeout('2 minutes')
      .numPartitions(4);
    expect([whole.initial, whole.timeoutMs, whole.partitions]).toEqual([[['a', 1]], 120_000, 4]);
    expect([spec.initial, spec.timeoutMs, spec.partitions]).toEqual([[], undefined, undefined]);
  });

  it('refuses what is no timeout and no number of partitions', () => {
    expect(() => spec.timeout(0)).toThrow('timeout: expected a duration of at least 1 ms');
    expect(() => spec.numPartitions(0)).toThrow('numPartitions: expected a whole number of at least 1, got 0');
  });
});
