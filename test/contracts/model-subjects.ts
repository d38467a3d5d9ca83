/** Each exported stage that predicts, with a table that it can take. */
import { Table } from '../../src/batch/table.ts';
import * as p from '../../src/pipelines/index.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';

/** Two features that tell the classes apart but for a few rows, a value, a weight. */
const rows = () =>
  Table.fromRows(
    Array.from({ length: 24 }, (_, i) => {
      const [x, y] = [((i * 7) % 11) / 2, ((i * 5) % 13) / 3];
      return { features: [x, y], label: i % 5 === 0 ? 2 : x > y ? 1 : 0, value: 3 * x - y, weight: 1 + (i % 3) };
    }),
  );

function subject(stage: () => p.PipelineStage, table: () => Table = rows): StageSubject {
  return { stage, table };
}

export const linearRegression = subject(
  () => new p.LinearRegression({ labelCol: 'value', weightCol: 'weight', regParam: 0.1, elasticNetParam: 0.5 }),
);
export const logisticRegression = subject(() => new p.LogisticRegression({ weightCol: 'weight', regParam: 0.1 }));
