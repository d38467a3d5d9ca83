import * as assert from 'node:assert/strict';
import { Batch } from '../batch/batch.ts';
import type { Sink, SinkBatch } from '../contracts/sink.ts';
import { type Check, check, notApplicable } from './check.ts';

/** Where a sink writes, and what a reader finds there. */
export interface SinkDestination {
  /** A sink that writes there, as a program makes it that is started, or started again. */
  open(): Sink;

  /** All the records that are there now, in the order of the batches. */
  read(): Promise<readonly unknown[]>;
}

/** A kind of sink, and somewhere for it to write. */
export interface SinkSubject {
  /** A new destination, empty. The suite writes strings without line feeds. */
  make(): SinkDestination | Promise<SinkDestination>;

  /** Why a batch that comes again is there twice. Absent: the sink drops or replaces it. */
  readonly atLeastOnceBecause?: string;
}

/** The laws of `contracts/sink.ts`. */
export function* sinkSuite(subject: SinkSubject): Iterable<Check> {
  yield check('has written every record of a batch when write returns', async () => {
    await withSink(subject, async (sink, destination) => {
      const expected: unknown[] = [];
      for (const batch of threeBatches()) {
        await sink.write(batch);
        expected.push(...batch.batch.collect());
        assert.deepEqual(await destination.read(), expected);
      }
    });
  });

  yield check('takes batches without records and without partitions', async () => {
    await withSink(subject, async (sink, destination) => {
      await sink.write(sinkBatch(0, []));
      await sink.write(sinkBatch(1, [[], []]));
      await sink.write(sinkBatch(2, [['a']]));
      assert.deepEqual(await destination.read(), ['a']);
    });
  });

  yield check('drops or replaces a batch id that comes again', async () => {
    if (subject.atLeastOnceBecause !== undefined) return notApplicable(subject.atLeastOnceBecause);
    await withSink(subject, async (sink, destination) => {
      for (const batch of threeBatches()) {
        await sink.write(batch);
        const once = await destination.read();
        await sink.write(batch);
        assert.deepEqual(await destination.read(), once);
      }
    });
    return undefined;
  });

  yield check('drops or replaces a batch id that comes again after a restart', async () => {
    if (subject.atLeastOnceBecause !== undefined) return notApplicable(subject.atLeastOnceBecause);
    await withSink(subject, async (sink, destination) => {
      const batches = threeBatches();
      for (const batch of batches) await sink.write(batch);
      const once = await destination.read();
      const restarted = destination.open();
      await restarted.write(batches.at(-1)!);
      assert.deepEqual(await destination.read(), once);
      await restarted.close();
    });
    return undefined;
  });

  yield check('goes on after a restart behind what is there', async () => {
    const destination = await subject.make();
    for (const batch of threeBatches()) {
      const sink = destination.open();
      await sink.write(batch);
      await sink.close();
    }
    const expected = threeBatches().flatMap(({ batch }) => batch.collect());
    assert.deepEqual(await destination.read(), expected);
  });

  yield check('leaves the batches that it is given as they are', async () => {
    await withSink(subject, async (sink) => {
      const records = Object.freeze(['a', 'b']);
      const partitions = Object.freeze([records, Object.freeze([])]);
      await sink.write(Object.freeze({ id: 0, time: 1000, batch: Object.freeze(new Batch(partitions)) }));
      assert.deepEqual(partitions, [['a', 'b'], []]);
    });
  });

  yield check('closes twice without harm, and without ever having been written to', async () => {
    const destination = await subject.make();
    const sink = destination.open();
    await sink.write(sinkBatch(0, [['a']]));
    await sink.close();
    await sink.close();
    await destination.open().close();
    assert.deepEqual(await destination.read(), ['a']);
  });
}

async function withSink(
  subject: SinkSubject,
  use: (sink: Sink, destination: SinkDestination) => Promise<void>,
): Promise<void> {
  const destination = await subject.make();
  const sink = destination.open();
  try {
    await use(sink, destination);
  } finally {
    await sink.close();
  }
}

/** Batches of several partitions, one of them empty, with the same record in two batches. */
function threeBatches(): SinkBatch<string>[] {
  return [sinkBatch(0, [['a', 'b'], ['c']]), sinkBatch(1, [[], ['d', 'a']]), sinkBatch(2, [['e'], []])];
}

function sinkBatch(id: number, partitions: readonly (readonly string[])[]): SinkBatch<string> {
  return { id, time: 1000 * (id + 1), batch: new Batch(partitions) };
}
