import { describe, expect, it } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { StateSpec } from '../../src/dstream/state-spec.ts';
import { TestDriver } from '../../src/testing/index.ts';

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;

function pairsOf({ context }: TestDriver) {
  return context.queueStream<Pair<string, number>>([]);
}

const idsOf = ({ context }: TestDriver) => [...context.graph.states.keys()];

describe('the id of a state', () => {
  it('is the first free one of its kind', () => {
    const driver = new TestDriver();
    const pairs = pairsOf(driver);
    pairs.updateStateByKey(() => 0);
    pairs.updateStateByKey(() => 0);
    pairs.window(1000);
    pairs.mapWithState(StateSpec.function(() => 0));
    expect(idsOf(driver)).toEqual(['updateStateByKey', 'updateStateByKey-1', 'windowBuffer', 'mapWithState']);
  });

  it('is what the program calls its operator, which leaves no gap among the others', () => {
    const driver = new TestDriver();
    const first = pairsOf(driver).updateStateByKey(() => 0);
    first.updateStateByKey(() => 0);
    first.id('totals');
    expect(idsOf(driver)).toEqual(['totals', 'updateStateByKey']);
  });

  it('can be one that another would have had', () => {
    const driver = new TestDriver();
    const pairs = pairsOf(driver);
    pairs.updateStateByKey(() => 0);
    pairs.updateStateByKey(() => 0).id('updateStateByKey');
    expect(idsOf(driver)).toEqual(['updateStateByKey-1', 'updateStateByKey']);
  });

  it('belongs to one state', () => {
    const driver = new TestDriver();
    driver.context.addState('totals', 'state', { snapshot: () => ({}), restore: () => {} });
    const updated = pairsOf(driver).updateStateByKey(() => 0);
    expect(() => updated.id('totals')).toThrow("state 'totals': the id is taken; ids must differ");
  });
});

describe('the name of an operator that is made of several', () => {
  type Pairs = ReturnType<typeof pairsOf>;
  const buffer = 'recent.windowBuffer';

  it.each<[string, (pairs: Pairs) => { id(name: string): unknown }, string[]]>([
    ['window', (pairs) => pairs.window(2000), [buffer]],
    ['groupByKeyAndWindow', (pairs) => pairs.groupByKeyAndWindow(2000), [buffer]],
    ['reduceByKeyAndWindow', (pairs) => pairs.reduceByKeyAndWindow(add, undefined, 2000), [buffer]],
    ['… with an inverse', (pairs) => pairs.reduceByKeyAndWindow(add, subtract, 2000), [buffer, 'recent']],
    ['countByValueAndWindow', (pairs) => pairs.countByValueAndWindow(2000), [buffer, 'recent']],
    ['countByWindow', (pairs) => pairs.countByWindow(2000), [buffer, 'recent.reducedWindow']],
  ])('is part of all that it remembers: %s', (_, program, ids) => {
    const driver = new TestDriver();
    program(pairsOf(driver)).id('recent');
    expect(idsOf(driver)).toEqual(ids);
  });

  it('is part of the place that an error in one of them names', async () => {
    const driver = new TestDriver();
    const failing = () => {
      throw new Error('no such sum');
    };
    const twice: Pair<string, number>[] = [['a', 1], ['a', 2]]; // biome-ignore format: one line
    const sums = driver.context.queueStream([twice]).reduceByKeyAndWindow(failing, subtract, 2000).id('sums');
    driver.collect(sums);
    await expect(driver.runBatches(1)).rejects.toThrow('no such sum [operator sums.reduceByKey, batch 0]');
  });
});
