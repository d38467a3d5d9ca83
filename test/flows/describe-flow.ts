import { describe, expect, it, onTestFinished } from 'vitest';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { asFlow, type DStreamFlow } from './dstream-flow.ts';
import { cut, type FinishedRun, type Flow } from './flow.ts';
import { crashEverywhere, runFlow, runFlowBatchByBatch } from './run-flow.ts';

/** Records a batch where the cut is not what is tested. */
const BATCH_SIZE = 5;

/** The tests of every flow. The central one: crashed and resumed = never stopped, to the bit. */
export function describeFlow<T>(name: string, program: Flow<T> | DStreamFlow<T>): void {
  const flow = 'start' in program ? program : asFlow(program);
  const newWorld = () => temporaryDirectory(onTestFinished);
  const neverStopped = async () => runFlow(flow, await newWorld(), BATCH_SIZE);

  describe(name, () => {
    it.each([BATCH_SIZE, 1, 7])('writes what is expected in batches of %i', async (size) => {
      const { output, committed } = await runFlow(flow, await newWorld(), size);
      expect(output).toEqual(flow.expected(cut(flow.records, size)));
      const records = flow.records.length + (flow.ownRecords?.(output.length) ?? 0);
      expect(committed.totals).toEqual({ batches: output.length, records, rejected: 0 });
    });

    it('comes to the same however its records are cut', async (context) => {
      const { sameForEveryCut } = flow;
      if (typeof sameForEveryCut !== 'function') {
        return context.skip(`not applicable because ${sameForEveryCut.notApplicableBecause}`);
      }
      const expected = sameForEveryCut(await neverStopped());
      for (const size of [1, 7, flow.records.length]) {
        expect(sameForEveryCut(await runFlow(flow, await newWorld(), size)), `batches of ${size}`).toEqual(expected);
      }
    });

    it('crashed and resumed after every batch, is as if it had never stopped', async () => {
      expectSameRun(await runFlowBatchByBatch(flow, await newWorld(), BATCH_SIZE), await neverStopped());
    });

    it('crashed between any two steps of any batch and resumed, is as if it had never stopped', async () => {
      const expected = await neverStopped();
      for (const { moment, batch, left } of await crashEverywhere(flow, await newWorld(), BATCH_SIZE)) {
        expectSameRun(await runFlow(flow, left, BATCH_SIZE), expected, `crashed when batch ${batch} was ${moment}`);
      }
    });
  });
}

function expectSameRun(actual: FinishedRun, expected: FinishedRun, message?: string): void {
  expect(actual.output, message).toEqual(expected.output);
  expect(snapshotToText(actual.committed), message).toBe(snapshotToText(expected.committed));
}
