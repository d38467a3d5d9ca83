import { describe, expect, it } from 'vitest';
import type { Sink, SinkBatch } from '../../src/contracts/sink.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { type SinkDestination, sinkSuite } from '../../src/testing/sink-suite.ts';

/** A destination in memory whose sinks have one fault. */
function destination(fault: (sound: MemorySink) => Partial<Sink>): SinkDestination {
  const sound = new MemorySink();
  return {
    open: () => ({ write: (batch) => sound.write(batch), close: async () => {}, ...fault(sound) }),
    read: async () => sound.records.flat(),
  };
}

async function failed(fault: (sound: MemorySink) => Partial<Sink>): Promise<string[]> {
  const names: string[] = [];
  for (const check of sinkSuite({ make: () => destination(fault) })) {
    if ((await check.run()).kind === 'failed') names.push(check.name);
  }
  return names;
}

/** Writes a batch under an id that it does not have, as a sink does that can't tell. */
function under(id: number, { time, batch }: SinkBatch<unknown>): SinkBatch<unknown> {
  return { id, time, batch };
}

const faults: Record<string, (sound: MemorySink) => Partial<Sink>> = {
  'has written every record of a batch when write returns': (sound) => {
    let waiting: SinkBatch<unknown> | undefined;
    return {
      async write(batch) {
        if (waiting !== undefined) await sound.write(waiting);
        waiting = batch;
      },
    };
  },
  'takes batches without records and without partitions': (sound) => ({
    async write(batch) {
      batch.batch.first();
      await sound.write(batch);
    },
  }),
  'drops or replaces a batch id that comes again': (sound) => ({
    write: (batch) => sound.write(under(sound.batches.length, batch)),
  }),
  'drops or replaces a batch id that comes again after a restart': (sound) => {
    const seen = new Set<number>();
    return {
      async write(batch) {
        if (!seen.has(batch.id)) await sound.write(under(sound.batches.length, batch));
        seen.add(batch.id);
      },
    };
  },
  'goes on after a restart behind what is there': (sound) => {
    let written = 0;
    return { write: (batch) => sound.write(under(written++, batch)) };
  },
  'leaves the batches that it is given as they are': (sound) => ({
    async write(batch) {
      for (const partition of batch.batch.partitions) (partition as unknown[]).sort();
      await sound.write(batch);
    },
  }),
  'closes twice without harm, and without ever having been written to': () => {
    let open = true;
    return {
      async close() {
        if (!open) throw new Error('closed already');
        open = false;
      },
    };
  },
};

describe('the sink suite', () => {
  it('finds nothing wrong with a sound sink', async () => {
    expect(await failed(() => ({}))).toEqual([]);
  });

  it('does not ask a sink that is at-least-once to drop what comes again', async () => {
    const suite = sinkSuite({ make: () => destination(() => ({})), atLeastOnceBecause: 'it appends' });
    const outcomes = await Promise.all(Array.from(suite, (check) => check.run()));
    const notApplicable = outcomes.filter(({ kind }) => kind === 'not applicable');
    expect(notApplicable).toEqual(Array(2).fill({ kind: 'not applicable', because: 'it appends' }));
  });

  it('has a fault here for every law', () => {
    const names = Array.from(sinkSuite({ make: () => destination(() => ({})) }), ({ name }) => name);
    expect(Object.keys(faults)).toEqual(names);
  });

  it.each(Object.keys(faults))('notices that a sink does not keep: %s', async (name) => {
    expect(await failed(faults[name]!)).toContain(name);
  });
});
