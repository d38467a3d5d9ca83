import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/host/log.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { ScheduledSource } from './scheduled-source.ts';

/** A program whose source can't be closed; `failing` is what its output throws. */
function program(checkpoint: string, failing?: Error) {
  const closed: string[] = [];
  const warnings: string[] = [];
  const driver = new TestDriver({ log: { ...silentLog, warn: (text) => void warnings.push(text) } });
  driver.context.checkpoint(checkpoint);
  const source = new ScheduledSource<string>([[500, 'mill']]);
  source.close = () => Promise.reject(new Error('cable stuck'));
  const words = driver.context.sourceStream(source);
  for (const name of ['first', 'second']) {
    words.writeTo(name, {
      write: () => (failing === undefined ? Promise.resolve() : Promise.reject(failing)),
      close: async () => {
        closed.push(name);
        if (name === 'first') throw new Error('sink stuck');
      },
    });
  }
  return { driver, closed, warnings };
}

describe('a context that ends', () => {
  it('closes all that it can, and tells the first thing that it could not', async () => {
    const checkpoint = await temporaryDirectory(onTestFinished);
    const { driver, closed } = program(checkpoint);
    await driver.runBatches(1);
    await driver.stop();
    await expect(driver.context.awaitTermination()).rejects.toThrow('cable stuck');
    expect(closed).toEqual(['first', 'second']);

    const next = program(checkpoint);
    await next.driver.start(); // the directory is free
    await next.driver.stop();
  });

  it('tells the error of its batch rather than what went wrong after it', async () => {
    const { driver, closed, warnings } = program(await temporaryDirectory(onTestFinished), new Error('disk full'));
    await expect(driver.runBatches(1)).rejects.toThrow('output failed: disk full');
    expect(closed).toEqual(['first', 'second']);
    expect(warnings).toContain('closing failed, too: cable stuck');
  });
});
