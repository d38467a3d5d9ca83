import { expect, test } from 'vitest';
import { ForeachSink } from '../../src/sinks/foreach-sink.ts';
import { TestDriver } from '../../src/testing/index.ts';

test('an operator runs once a batch, however many use it', async () => {
  const driver = new TestDriver();
  const seen: number[] = [];
  const stream = driver.context.queueStream([[1, 2], [3]]).map((x) => {
    seen.push(x);
    return x;
  });
  const one = driver.collect(stream);
  const other = driver.collect(stream.map((x) => -x));
  await driver.runBatches(2);
  await driver.stop();
  expect(seen).toEqual([1, 2, 3]);
  expect([one.records, other.records]).toEqual([
    [[1, 2], [3]],
    [[-1, -2], [-3]],
  ]);
});

test('an operator that no output needs does not run', async () => {
  const driver = new TestDriver();
  const stream = driver.context.queueStream([[1]]);
  stream.map(() => expect.fail('nobody asked')).map(String);
  const outputs = driver.collect(stream.count());
  await driver.runBatches(1);
  await driver.stop();
  expect(outputs.records).toEqual([[1]]);
});

test('operators run in the order in which the program made them', async () => {
  const driver = new TestDriver();
  const ran: string[] = [];
  const step = (name: string) => (x: number) => {
    ran.push(name);
    return x;
  };
  const stream = driver.context.queueStream([[1]]);
  const first = stream.map(step('first'));
  const second = stream.map(step('second'));
  driver.collect(second.map(step('third')));
  driver.collect(first);
  await driver.runBatches(1);
  await driver.stop();
  expect(ran).toEqual(['first', 'second', 'third']);
});

test('nothing is written before every output is computed', async () => {
  const driver = new TestDriver();
  const outputs = driver.collect(driver.context.queueStream([[1]]));
  driver.context
    .queueStream([[2]])
    .map(() => expect.fail('no'))
    .foreachRDD(() => {});
  await expect(driver.runBatches(1)).rejects.toThrow('no');
  expect(outputs.batches).toEqual([]);
});

test('a name belongs to one operator', () => {
  const stream = new TestDriver().context.queueStream([[1]]);
  const named = stream.map(String).id('words');
  expect(named.id('words')).toBe(named);
  expect(() => stream.map(String).id('words')).toThrow("operator 'words': the id is taken; ids must differ");
});

test('the id of a source belongs to one source, and is its kind unless given', async () => {
  const driver = new TestDriver();
  const { context } = driver;
  const streams = [context.queueStream([]), context.queueStream([], { id: 'clicks' }), context.queueStream([])];
  expect(() => context.queueStream([], { id: 'clicks' })).toThrow("source 'clicks': the id is taken");
  driver.collect(context.union(streams));
  await driver.runBatches(1);
  await driver.stop();
  expect(Object.keys(driver.progress[0]!.sources)).toEqual(['queue', 'clicks', 'queue-1']);
});

test('outputs are closed when the context stops, also by an error', async () => {
  for (const record of [1, 'bad']) {
    const driver = new TestDriver();
    let closed = 0;
    const sink = Object.assign(new ForeachSink(() => {}), { close: async () => void closed++ });
    driver.context
      .queueStream([[record]])
      .map((each) => (each === 'bad' ? expect.fail('bad') : each))
      .writeTo('output', sink);
    await driver.runBatches(1).catch(() => {});
    await driver.stop();
    expect(closed).toBe(1);
  }
});
