import type { DStream } from '../../../src/dstream/dstream.ts';
import type { Observation } from '../../../src/experiments/observation.ts';
import { SequentialTest } from '../../../src/experiments/sequential-test.ts';
import { describeFlow } from '../describe-flow.ts';

/** Whole numbers, whose sums are exact in any order. */
const observations = Array.from({ length: 40 }, (_, i): Observation => {
  const user = (i * 7) % 11;
  return { arm: user % 2 === 0 ? 'control' : 'treatment', unit: `user ${user}`, value: (i * i) % 13 };
});

function experiment(stream: DStream<Observation>, output: string): void {
  const test = new SequentialTest({ arms: { control: 0.5, treatment: 0.5 }, minimumPerArm: 2 });
  const lines = test.registerStream(stream).map(({ arms, comparisons: [comparison] }) => {
    return [...arms.map(({ units }) => units), comparison!.absolute.estimate.toFixed(9)].join(' ');
  });
  lines.saveAsTextFiles(output);
}

describeFlow<Observation>('sequential test by user', {
  records: observations,
  program: experiment,
  expected(batches) {
    const sums = new Map<unknown, Observation>();
    let estimate = 0;
    return batches.map((batch) => {
      for (const each of batch) sums.set(each.unit, { ...each, value: each.value + (sums.get(each.unit)?.value ?? 0) });
      const values = (arm: string) => [...sums.values()].filter((each) => each.arm === arm).map(({ value }) => value);
      const mean = (arm: string) => values(arm).reduce((total, value) => total + value, 0) / values(arm).length;
      const counts = [values('control').length, values('treatment').length];
      // The estimate is that of the last look that counted.
      if (Math.min(...counts) >= 2) estimate = mean('treatment') - mean('control');
      return [[...counts, estimate.toFixed(9)].join(' ')];
    });
  },
  sameForEveryCut: (run) => run.output.at(-1),
});
