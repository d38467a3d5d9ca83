import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { Offset, OffsetRange } from '../../src/batch/offset.ts';
import type { PlanRequest, Source } from '../../src/contracts/source.ts';
import { sourceSuite } from '../../src/testing/source-suite.ts';

const records = ['a', 'b', 'c', 'd'];

/** Two records a batch, as it should be. The offset is `{ taken }`, so that it can be changed. */
class SoundSource implements Source<string> {
  readonly replayable: boolean = true;

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? { taken: 0 };
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    return { taken: Math.min(takenBy(start) + Math.min(2, maxRecords), records.length) };
  }

  async read({ start, end }: OffsetRange): Promise<Batch<string>> {
    return Batch.of(records.slice(takenBy(start), takenBy(end)));
  }

  async commit(_end: Offset): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return takenBy(offset) >= records.length;
  }

  async close(): Promise<void> {}
}

function takenBy(offset: Offset): number {
  return (offset as { taken: number }).taken;
}

/** What the suite says of a source: the names of the checks with this outcome. */
async function checksThat(outcome: 'failed' | 'not applicable', make: () => Source<string>): Promise<string[]> {
  const names: string[] = [];
  for (const check of sourceSuite({ make, records })) if ((await check.run()).kind === outcome) names.push(check.name);
  return names;
}

/** Made once for each source: what they have in common with those made before. */
let made = 0;

const faults: Record<string, (source: SoundSource) => Partial<Source<string>>> = {
  'gives all its records once, in order, in at least two batches': () => ({
    plan: async () => ({ taken: records.length }),
  }),
  'gives a batch that asks for one record at most one, and so all of them': (source) => ({
    plan: (start, request) => source.plan(start, { ...request, maxRecords: 2 }),
  }),
  'plans nothing, and reads nothing, once all is read': (source) => ({
    read: async (range) => (takenBy(range.end) === takenBy(range.start) ? Batch.of(['again']) : source.read(range)),
  }),
  'reads the same range twice as the same records': (source) => {
    let reads = 0;
    return {
      read: async (range) => {
        const { partitions } = await source.read(range);
        return new Batch(++reads % 4 === 2 ? [[], ...partitions] : partitions);
      },
    };
  },
  'reads a planned range after a restart as the same records': (source) => {
    let opened = 0;
    return {
      open: async (from) => {
        opened = from === undefined ? 0 : takenBy(from);
        return source.open(from);
      },
      read: (range) => source.read(takenBy(range.start) < opened ? { start: range.end, end: range.end } : range),
    };
  },
  'opens where it is told to': () => ({ open: async () => ({ taken: 0 }) }),
  'goes on after a restart where the committed offset was': (source) => {
    let skipped = 0;
    return {
      open: async (from) => {
        skipped = from === undefined ? 0 : 1;
        return source.open(from);
      },
      read: ({ start, end }) => source.read({ start: { taken: takenBy(start) + skipped }, end }),
    };
  },
  'has offsets that are plain JSON': (source) => ({
    plan: async (start, request) => ({ taken: takenBy(await source.plan(start, request)), time: undefined as never }),
  }),
  'has equal offsets print equal': () => {
    const name = `offset of source ${made++}`;
    return { open: async (from) => from ?? { taken: 0, name } };
  },
  'leaves the offsets that it is given as they are': (source) => ({
    plan: async (start, request) => {
      (start as { taken: number }).taken += 0;
      return source.plan(start, request);
    },
  }),
  'has not ended while records are left': () => ({ endedAt: (offset) => takenBy(offset) >= 2 }),
  'still gives what it has received when it has stopped receiving': (source) => {
    let stopped = false;
    return {
      stopReceiving: async () => {
        stopped = true;
      },
      plan: async (start, request) => (stopped ? start : source.plan(start, request)),
    };
  },
  'closes twice without harm, and without ever having been opened': () => {
    let open = false;
    return {
      open: async (from) => {
        open = true;
        return from ?? { taken: 0 };
      },
      close: async () => {
        if (!open) throw new Error('not open');
        open = false;
      },
    };
  },
};

describe('the source suite', () => {
  it('finds nothing wrong with a sound source, and asks all that applies', async () => {
    expect(await checksThat('failed', () => new SoundSource())).toEqual([]);
    expect(await checksThat('not applicable', () => new SoundSource())).toEqual([
      'still gives what it has received when it has stopped receiving',
    ]);
  });

  it('does not ask a source that is not replayable to read again', async () => {
    const once = () => Object.assign(new SoundSource(), { replayable: false });
    expect(await checksThat('not applicable', once)).toHaveLength(4);
  });

  it('has a fault here for every law', () => {
    const names = Array.from(sourceSuite({ make: () => new SoundSource(), records }), ({ name }) => name);
    expect(Object.keys(faults)).toEqual(names);
  });

  it.each(Object.keys(faults))('notices that a source does not keep: %s', async (name) => {
    const make = () => Object.assign(new SoundSource(), faults[name]!(new SoundSource()));
    expect(await checksThat('failed', make)).toContain(name);
  });
});
