import { describe, expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import type { DStream } from '../../src/dstream/dstream.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const batches = [['a', 'b'], ['a'], ['b', 'b'], ['c']];
const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const count = (ones: readonly number[], before: number | undefined) => (before ?? 0) + ones.length;

type Words = DStream<Pair<string, number>>;
type Program = (words: Words) => DStream<unknown>;

const totals: Program = (words) => words.updateStateByKey(count);
const namedTotals: Program = (words) => words.updateStateByKey(count).id('totals');
const longest: Program = (words) =>
  words.updateStateByKey((ones, most: number | undefined) => Math.max(most ?? 0, ones.length));
const recent: Program = (words) => words.window(2000);

/** A program that does both, and gives what the last of them gives. */
function inTurn(first: Program, last: Program): Program {
  return (words) => {
    first(words);
    return last(words);
  };
}

/** Runs a program on the words from batch `from` to before batch `to`, and gives what it gave in the last. */
async function run(
  checkpoint: string,
  program: Program,
  from: number,
  to: number,
): Promise<readonly unknown[] | undefined> {
  const driver = new TestDriver({ startMs: 1000 * from });
  driver.context.checkpoint(checkpoint);
  const words = driver.context.queueStream(batches).map((word): Pair<string, number> => [word, 1]);
  const output = driver.collect(program(words));
  try {
    await driver.runBatches(to - from);
  } finally {
    await driver.stop();
  }
  return output.records.at(-1);
}

/** What `after` gives at last where `before` ran the first two batches. */
async function resumed(before: Program, after: Program) {
  const checkpoint = await temporaryDirectory(onTestFinished);
  await run(checkpoint, before, 0, 2);
  return run(checkpoint, after, 2, 4);
}

const neverStopped = async (program: Program) => run(await temporaryDirectory(onTestFinished), program, 0, 4);

describe('a changed program goes on with the states of the old one', () => {
  const mapped: Program = (words) => totals(words.filter(() => true).map((pair) => pair));
  const named =
    (program: Program, id: string): Program =>
    (words) =>
      program(words).id(id);

  it.each<[string, Program, Program]>([
    ['an operator without a state', totals, mapped],
    ['a state of another kind', totals, inTurn(recent, totals)],
    ['a state with a name', totals, inTurn(named(longest, 'longest'), totals)],
    ['a state of the same kind, of those with a name', namedTotals, inTurn(longest, namedTotals)],
    ['the same, and what was saved its name', totals, inTurn(longest, named(totals, 'updateStateByKey'))],
    ['a window with a name', named(recent, 'now'), inTurn(named(recent, 'other'), named(recent, 'now'))],
  ])('where it adds, before them, %s', async (_, before, after) => {
    expect(await resumed(before, after)).toEqual(await neverStopped(before));
  });

  it('where it counts otherwise from now on', async () => {
    const fromNowTenfold: Program = (words) =>
      words.updateStateByKey((ones, before: number | undefined) => (before ?? 0) + 10 * ones.length);
    expect(await resumed(totals, fromNowTenfold)).toEqual([
      ['a', 2],
      ['b', 21],
      ['c', 10],
    ]);
  });

  it('where its window is shorter than before, or longer', async () => {
    const sums =
      (length: number): Program =>
      (words) =>
        words.reduceByKeyAndWindow(add, subtract, length, 1000);
    expect(await resumed(sums(3000), sums(1000))).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
    expect(await resumed(sums(1000), sums(3000))).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
  });

  it('and a new state begins, with its initial states', async () => {
    const withNew: Program = (words) => {
      totals(words);
      return words.updateStateByKey(count, { initialState: [['a', 100]] }).id('new');
    };
    expect(await resumed(totals, withNew)).toEqual([
      ['a', 100],
      ['b', 2],
      ['c', 1],
    ]);
  });
});

describe('a changed program is refused by name', () => {
  it.each<[string, Program, Program, RegExp]>([
    [
      'where it lacks a state',
      totals,
      recent,
      /state 'updateStateByKey', which this program lacks \(it has: windowBuffer\)/,
    ],
    [
      'where a state has another name',
      totals,
      namedTotals,
      /state 'updateStateByKey', which this program lacks \(it has: totals\)/,
    ],
    [
      'where a state is of another shape',
      (words) => recent(words).id('x'),
      (words) => words.updateStateByKey(count).id('x.windowBuffer'),
      /keyed state: expected .* \[state x\.windowBuffer\]/,
    ],
    [
      'where a window is of another shape',
      (words) => totals(words).id('x.windowBuffer'),
      (words) => recent(words).id('x'),
      /window: expected .* \[state x\.windowBuffer\]/,
    ],
    [
      'where a state that was saved by its changes is now saved whole',
      (words) => totals(words).id('x'),
      (words) => {
        words.updateFromBatches('whole', { snapshot: () => ({}), restore: () => {} }, () => {}, 'x');
        return words;
      },
      /it holds changes of a state that is now saved whole \[state x\]/,
    ],
    [
      'where nobody knows which state is which',
      totals,
      inTurn(longest, totals),
      /state 'updateStateByKey', .* more than were saved; name the one that was saved .id\('updateStateByKey'\)/,
    ],
  ])('%s, and harms nothing', async (_, before, after, message) => {
    const checkpoint = await temporaryDirectory(onTestFinished);
    await run(checkpoint, before, 0, 2);
    const refusal = { name: 'StateError', code: 'does-not-fit', message: expect.stringMatching(message) };
    await expect(run(checkpoint, after, 2, 4)).rejects.toMatchObject(refusal);
    expect(await run(checkpoint, before, 2, 4)).toEqual(await neverStopped(before));
  });

  it('not where states of one kind were there from the start, also those that nothing happened to', async () => {
    const twoOfAKind: Program = (words) => {
      words
        .filter(() => false)
        .reduceByKeyAndWindow(add, subtract, 1000)
        .foreachRDD(() => {});
      return words.reduceByKeyAndWindow(add, subtract, 2000);
    };
    expect(await resumed(twoOfAKind, twoOfAKind)).toEqual(await neverStopped(twoOfAKind));
  });
});
