import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { DataError, TransientError } from '../../src/errors.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/index.ts';

/** Lookups that a test answers one by one. */
class Lookups {
  readonly begun: number[] = [];
  readonly #answers = new Map<
    number,
    { readonly resolve: (text: string) => void; readonly reject: (error: unknown) => void }
  >();
  most = 0;

  readonly lookUp = (key: number): Promise<string> => {
    this.begun.push(key);
    return new Promise((resolve, reject) => {
      this.#answers.set(key, { resolve, reject });
      this.most = Math.max(this.most, this.#answers.size);
    });
  };

  /** Answers, and lets all that follows from it happen. */
  async answer(key: number, error?: unknown): Promise<void> {
    const { resolve, reject } = this.#answers.get(key)!;
    this.#answers.delete(key);
    if (error === undefined) resolve(`value ${key}`);
    else reject(error);
    await new Promise(setImmediate);
  }
}

/** Runs one batch through lookups, so many at a time. */
async function begun(batch: Batch<number>, concurrency: number, options: TestDriverOptions = {}) {
  const lookups = new Lookups();
  const driver = new TestDriver(options);
  const outputs = driver.collect(driver.context.queueStream([batch]).mapAsync(lookups.lookUp, { concurrency }));
  const done = driver.runBatches(1);
  done.catch(() => {});
  await new Promise(setImmediate);
  return { lookups, driver, outputs, done };
}

describe('mapAsync', () => {
  it('keeps order and partitions, whatever comes first, and never does more at a time than it may', async () => {
    const { lookups, outputs, done, driver } = await begun(new Batch([[1, 2, 3], [], [4, 5]]), 2);
    expect(lookups.begun).toEqual([1, 2]);
    await lookups.answer(2);
    expect(lookups.begun).toEqual([1, 2, 3]);
    for (const key of [3, 4, 5, 1]) await lookups.answer(key);
    await done;
    await driver.stop();
    expect(outputs.batches[0]!.batch.partitions).toEqual([
      ['value 1', 'value 2', 'value 3'],
      [],
      ['value 4', 'value 5'],
    ]);
    expect(lookups.most).toBe(2);
  });

  it('takes a function that answers at once, also with undefined', async () => {
    const driver = new TestDriver();
    const outputs = driver.collect(driver.context.queueStream([[1, 2]]).mapAsync((x) => (x === 1 ? undefined : x)));
    await driver.runBatches(1);
    await driver.stop();
    expect(outputs.records).toEqual([[undefined, 2]]);
  });

  it('leaves bad records to the policy, in their order', async () => {
    const divert = new MemorySink();
    const { lookups, outputs, done, driver } = await begun(new Batch([[1, 2], [3]]), 3, { badRecords: { divert } });
    await lookups.answer(3, new DataError('bad-record', 'no such key'));
    await lookups.answer(1, new Error('no such key'));
    await lookups.answer(2);
    await done;
    await driver.stop();
    expect(outputs.records).toEqual([['value 2']]);
    expect(divert.records).toMatchObject([
      [
        { record: 1, position: '0 of partition 0', message: 'no such key; the record is 1' },
        { record: 3, position: '0 of partition 1', message: 'no such key' },
      ],
    ]);
  });

  it('fails the batch with the first bad record, when none is under way any more, and begins no other', async () => {
    const { lookups, done } = await begun(new Batch([[1, 2, 3, 4, 5]]), 3);
    let failed = false;
    done.catch(() => {
      failed = true;
    });
    await lookups.answer(2, new Error('no such key'));
    expect(lookups.begun).toEqual([1, 2, 3, 4]);
    await lookups.answer(1);
    expect(failed).toBe(false);
    await lookups.answer(3);
    await lookups.answer(4);
    await expect(done).rejects.toThrow('the record is 2 [operator mapAsync-1, batch 0, record 1 of partition 0]');
    expect(lookups.begun).toEqual([1, 2, 3, 4]);
  });

  it('fails the batch, which may be tried again, with a connection that is lost, whatever the policy', async () => {
    const { lookups, done } = await begun(new Batch([[1]]), 3, { badRecords: 'skip' });
    await lookups.answer(1, Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' }));
    await expect(done).rejects.toBeInstanceOf(TransientError);
  });

  it.each([0, 1.5, Number.NaN])('refuses a concurrency of %d', (concurrency) => {
    const { context } = new TestDriver();
    expect(() => context.queueStream([[1]]).mapAsync(String as never, { concurrency })).toThrow(
      `concurrency: expected a whole number of at least 1, got ${concurrency}`,
    );
  });
});
