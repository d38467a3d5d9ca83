import { describe, expect, it } from 'vitest';
import { Batch, type Pair } from '../../src/batch/batch.ts';
import type { DStream } from '../../src/dstream/dstream.ts';
import { type State, StateSpec } from '../../src/dstream/state-spec.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { outputsOf } from './outputs-of.ts';

const asPair = (word: string): Pair<string, number> => [word, 1];
const pairs = (stream: DStream<string>) => stream.map(asPair);
const count = (ones: readonly number[], before: number | undefined) => (before ?? 0) + ones.length;

describe('updateStateByKey', () => {
  /** What the function was called with, batch by batch. */
  async function callsOf(inputs: string[][], answer: typeof count, initialState: Pair<string, number>[] = []) {
    const calls: Record<number, unknown[]> = Object.fromEntries(inputs.map((_, i) => [i + 1, []]));
    await outputsOf(inputs, (stream) =>
      pairs(stream).updateStateByKey<string, number, number>(
        (values, state, key, time) => {
          calls[time / 1000]!.push([key, values, state]);
          return answer(values, state);
        },
        { initialState },
      ),
    );
    return calls;
  }

  it('calls the function for every key with a state or with data, with no values where there are none', async () => {
    expect(await callsOf([['a', 'a'], ['b'], []], count)).toEqual({
      1: [['a', [1, 1], undefined]],
      2: [
        ['a', [], 2],
        ['b', [1], undefined],
      ],
      3: [
        ['a', [], 2],
        ['b', [], 1],
      ],
    });
  });

  it('calls it in the first batch for the keys of the initial states', async () => {
    expect(
      await callsOf([['b'], []], count, [
        ['a', 5],
        ['b', 7],
      ]),
    ).toEqual({
      // biome-ignore format: one line
      1: [
        ['a', [], 5],
        ['b', [1], 7],
      ],
      2: [
        ['a', [], 5],
        ['b', [], 8],
      ],
    });
  });

  it('calls it once a batch also for a key that it removes', async () => {
    const untilTwo = (ones: readonly number[], before: number | undefined) => {
      const now = count(ones, before);
      return now < 2 ? now : (undefined as never);
    };
    expect(await callsOf([['a'], ['a'], ['a']], untilTwo)).toEqual({
      1: [['a', [1], undefined]],
      2: [['a', [1], 1]],
      3: [['a', [1], undefined]],
    });
  });

  it('removes a key where the function gives undefined', async () => {
    const whileSeen = (ones: readonly number[]) => (ones.length > 0 ? ones.length : undefined);
    expect(await outputsOf([['a', 'b'], ['b'], []], (stream) => pairs(stream).updateStateByKey(whileSeen))).toEqual([
      [
        ['a', 1],
        ['b', 1],
      ],
      [['b', 1]],
      [],
    ]);
  });

  it('lists the states in the order in which their keys came', async () => {
    const outputs = await outputsOf([['b'], ['a', 'b'], ['c', 'a']], (s) => pairs(s).updateStateByKey(count));
    expect(outputs.at(-1)!.map(([key]) => key)).toEqual(['b', 'a', 'c']);
  });

  it('puts states into as many partitions as asked for', async () => {
    const program = (stream: DStream<string>) => pairs(stream).updateStateByKey(count, { numPartitions: 3 }).glom();
    const [parts] = await outputsOf([['a', 'b', 'c']], program);
    expect(parts!.map((partition) => partition.map(([key]) => key))).toEqual([['c'], ['a'], ['b']]);
    expect(() => pairs(new TestDriver().context.queueStream([])).updateStateByKey(count, { numPartitions: 0 })).toThrow(
      'numPartitions: expected a whole number of at least 1, got 0',
    );
  });

  it('stops a program that changes a state in place, saying where', async () => {
    const program = (stream: DStream<string>) =>
      pairs(stream).updateStateByKey((ones: readonly number[], state: { all: number[] } = { all: [] }) => {
        state.all.push(...ones);
        return state;
      });
    await expect(outputsOf([['a'], ['a']], program)).rejects.toMatchObject({
      code: 'user-function-failed',
      message: expect.stringMatching(/object is not extensible.*operator updateStateByKey-2, batch 1/),
    });
  });

  it('refuses a state that could not be saved, saying where', async () => {
    const program = (stream: DStream<string>) => pairs(stream).updateStateByKey(() => new Map());
    await expect(outputsOf([['a']], program)).rejects.toMatchObject({
      code: 'wrong-type',
      message: expect.stringMatching(
        /expected plain data or Float64Array, got Map.*operator updateStateByKey-2, batch 0/,
      ),
    });
  });
});

describe('mapWithState', () => {
  const running = StateSpec.function((key: string, value: number | undefined, state: State<number>) => {
    const total = (state.getOption() ?? 0) + (value ?? 0);
    state.update(total);
    return `${key}${total}`;
  });

  it('calls the function once a record, in their order', async () => {
    const inputs = [['a', 'b', 'a'], ['b']];
    expect(await outputsOf(inputs, (s) => pairs(s).mapWithState(running))).toEqual([['a1', 'b1', 'a2'], ['b2']]);
  });

  it('gives the function the time of the batch', async () => {
    const when = StateSpec.function((key: string, _v: number | undefined, _s: State<number>, time: number) => [
      key,
      time,
    ]);
    expect(await outputsOf([['a'], ['b', 'a']], (s) => pairs(s).mapWithState(when))).toEqual([
      [['a', 1000]],
      [
        ['b', 2000],
        ['a', 2000],
      ],
    ]);
  });

  it('keeps the partitions of the records', async () => {
    const outputs = await outputsOf([new Batch([['a'], ['b', 'a']])], (s) => pairs(s).mapWithState(running).glom());
    expect(outputs).toEqual([[['a1'], ['b1', 'a2']]]);
  });

  it('drops an undefined result', async () => {
    const everySecond = StateSpec.function((key: string, _: number | undefined, state: State<number>) => {
      state.update((state.getOption() ?? 0) + 1);
      return state.get() % 2 === 0 ? key : undefined;
    });
    expect(await outputsOf([['a', 'a', 'b'], ['b']], (s) => pairs(s).mapWithState(everySecond))).toEqual([
      ['a'],
      ['b'],
    ]);
  });

  it('gives all states after each batch, in the partitions of the spec, also where nobody takes the records', async () => {
    const snapshots = (s: DStream<string>) => pairs(s).mapWithState(running.numPartitions(3)).stateSnapshots().glom();
    expect(await outputsOf([['b', 'b'], ['a']], snapshots)).toEqual([
      [[], [], [['b', 2]]],
      [[], [['a', 1]], [['b', 2]]],
    ]);
  });

  it('forgets a key that is removed', async () => {
    const toggle = StateSpec.function((key: string, _: number | undefined, state: State<boolean>) => {
      const existed = state.exists();
      if (existed) state.remove();
      else state.update(true);
      return `${key} ${existed}`;
    });
    const inputs = [['a'], ['a'], ['a', 'a', 'a']];
    expect(await outputsOf(inputs, (s) => pairs(s).mapWithState(toggle))).toEqual([
      ['a false'],
      ['a true'],
      ['a false', 'a true', 'a false'],
    ]);
  });

  it('counts a record that the function can’t take as a bad one, and leaves its key as it was', async () => {
    const picky = StateSpec.function((key: string, value: number | undefined, state: State<number>) => {
      state.update((state.getOption() ?? 0) + 1);
      if (value === 0) throw new Error('zero');
      return `${key}${state.get()}`;
    });
    const driver = new TestDriver({ badRecords: 'skip' });
    const records: Pair<string, number>[] = [['a', 1], ['a', 0], ['a', 1]]; // biome-ignore format: one line
    const outputs = driver.collect(driver.context.queueStream([records]).mapWithState(picky));
    await driver.runBatches(1);
    await driver.stop();
    expect(outputs.records).toEqual([['a1', 'a2']]);
    expect(driver.progress[0]!.rejectedRecords).toBe(1);
  });
});

describe('a timeout of mapWithState', () => {
  const sessions = StateSpec.function((key: string, value: number | undefined, state: State<number>) => {
    if (state.isTimingOut()) return `${key} gone with ${state.get()}, ${value}`;
    if (!state.exists()) state.update(1);
    return undefined;
  });
  const outputsWith = (spec: typeof sessions, inputs: string[][]) =>
    outputsOf(inputs, (stream) => pairs(stream).mapWithState(spec));

  it('comes at the first batch that is later than it, not only at every tenth', async () => {
    const spec = sessions.timeout('2 seconds');
    const gone = ['a gone with 1, undefined'];
    expect(await outputsWith(spec, [['a'], [], [], [], [], []])).toEqual([[], [], [], gone, [], []]);
  });

  it('begins anew with any record of the key, be its state updated or only there', async () => {
    const outputs = await outputsWith(sessions.timeout('1 second'), [['a'], ['a'], ['a', 'b'], ['b'], [], []]);
    expect(outputs).toEqual([[], [], [], [], ['a gone with 1, undefined'], ['b gone with 1, undefined']]);
  });

  it('is counted from the first batch for the initial states', async () => {
    const spec = sessions.initialState([['i', 7]]).timeout(1000);
    const outputs = await outputsOf([[], [], []], (s: DStream<string>) => pairs(s).mapWithState(spec));
    expect(outputs).toEqual([[], [], ['i gone with 7, undefined']]);
  });

  it('lets the longest idle go first, and leaves the snapshots without them', async () => {
    const inputs = [['b', 'a'], ['c'], ['b'], [], []];
    const mapped = (s: DStream<string>) => pairs(s).mapWithState(sessions.timeout(1000));
    expect((await outputsOf(inputs, mapped)).map((lines) => lines.map((line) => line[0]))).toEqual([
      [],
      [],
      ['a'],
      ['c'],
      ['b'],
    ]);
    const states = await outputsOf(inputs, (s) => mapped(s).stateSnapshots());
    expect(states.map((all) => all.map(([key]) => key))).toEqual([['b', 'a'], ['b', 'a', 'c'], ['c', 'b'], ['b'], []]);
  });
});

it('initial states can be given by an iterable that is read once', async () => {
  function* initialState(): Iterable<Pair<string, number>> {
    yield ['a', 5];
  }
  const keep = StateSpec.function((_key: string, _value: number | undefined, _state: State<number>) => undefined);
  const mapped = (s: DStream<string>) => pairs(s).mapWithState(keep.initialState(initialState())).stateSnapshots();
  const updated = (s: DStream<string>) => pairs(s).updateStateByKey(count, { initialState: initialState() });
  for (const program of [mapped, updated]) {
    expect(await outputsOf([[], []], program)).toEqual([[['a', 5]], [['a', 5]]]);
  }
});
