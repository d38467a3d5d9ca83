import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { MillraceError, messageOf, UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam, mapParam } from '../params/param-kinds.ts';
import { ModelStage } from '../stage.ts';
import { inputReader, type TensorValues } from './input-values.ts';
import { type GivenValues, OutputColumn } from './output-column.ts';
import { type Bound, inWords, type Port, requireInput, rowsAtOnce, withOutputs } from './port.ts';

/** What a stage that holds a model from elsewhere can be told. */
export const TENSOR_PARAMS = {
  /** By the names of the model's inputs, the column that each reads. Default: the column of the input's name. */
  inputs: mapParam(),
  /** By the names of the model's outputs, the column that each goes to; others are not asked for. Default: all, each to a column of its name. */
  outputs: mapParam(),
  /** Rows that the model is given at once. Default 1024. */
  batchSize: intParam({ atLeast: 1, default: 1024 }),
};

export type TensorModelOptions = OptionsOf<typeof TENSOR_PARAMS>;

type Outputs = ReadonlyMap<string, GivenValues>;

type RunRows = (start: number, end: number) => Promise<Outputs>;

/** Takes the outputs for so many more rows. */
type TakeOutputs = (given: Outputs, rows: number) => void;

/** A model from elsewhere, loaded. */
export interface LoadedModel {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** What these outputs are; each input is given. Rejects where the model fails on one of the rows. */
  run(inputs: ReadonlyMap<string, TensorValues>, outputs: readonly string[]): Promise<Outputs>;
}

/** A model from elsewhere as a stage: columns go to its inputs by name, batch by batch, and its outputs become columns. */
export abstract class TensorModel<L extends LoadedModel> extends ModelStage<L, typeof TENSOR_PARAMS, Promise<Table>> {
  readonly #inputs: readonly Bound[];
  readonly #outputs: readonly Bound[];

  /** Throws `UsageError` (`bad-option`) where an input or output is named that the model has not, or that no column can hold. */
  constructor(learned: L, options: TensorModelOptions = {}, uid?: string) {
    super(learned, options, uid);
    const [inputs, outputs] = [this.find('inputs'), this.find('outputs')];
    this.#requireNames('inputs', inputs, learned.inputs);
    this.#requireNames('outputs', outputs, learned.outputs);
    this.#inputs = learned.inputs.map((port) => bound(port, inputs));
    this.#outputs = learned.outputs
      .filter((port) => (outputs === undefined ? port.type !== undefined : Object.hasOwn(outputs, port.name)))
      .map((port) => bound(port, outputs));
    for (const { port } of [...this.#inputs, ...this.#outputs]) this.#requireTensor(port);
    this.#batchSize();
  }

  transformSchema(schema: Schema): Schema {
    for (const bound of this.#inputs) requireInput(schema, this.uid, bound);
    return withOutputs(schema, this.#outputs);
  }

  protected async transformChecked(table: Table): Promise<Table> {
    const columns = this.#outputs.map((bound) => new OutputColumn(this.uid, bound, table.rows));
    const take: TakeOutputs = (given, rows) => {
      for (const [k, { port }] of this.#outputs.entries()) columns[k]!.add(given.get(port.name)!, rows);
    };
    const run = this.#runOn(table);
    const bad = new Map<number, string>();
    const batchSize = this.#batchSize();
    for (let start = 0; start < table.rows; start += batchSize) {
      await runRows(run, take, start, Math.min(table.rows, start + batchSize), bad);
    }
    if (bad.size > 0) throw table.badRows(this.uid, (i) => bad.get(i));
    return this.#outputs.reduce((current, { column }, k) => current.withColumn(column, columns[k]!.column), table);
  }

  /** Runs the model on the rows from `start` up to, not including, `end`. */
  #runOn(table: Table): RunRows {
    const readers = this.#inputs.map((bound) => [bound.port.name, inputReader(table, this.uid, bound)] as const);
    const names = this.#outputs.map(({ port }) => port.name);
    return (start, end) => this.learned.run(new Map(readers.map(([name, read]) => [name, read(start, end)])), names);
  }

  /** Some models take a row at a time. */
  #batchSize(): number {
    const fixed = this.#inputs.map(({ port }) => rowsAtOnce(port)).find((rows) => rows !== undefined);
    if (fixed === undefined) return this.get('batchSize');
    if (fixed === 1) return 1;
    throw new UsageError(
      'does-not-fit',
      `${this.uid}: the model takes exactly ${fixed} rows at once; export it with an open first dimension`,
    );
  }

  #requireNames(what: string, given: Readonly<Record<string, string>> | undefined, ports: readonly Port[]): void {
    const known = ports.map(({ name }) => name);
    const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new UsageError(
      'bad-option',
      `${this.uid}: ${what}: the model has no ${unknown}; there are ${known.join(', ')}`,
    );
  }

  #requireTensor(port: Port): void {
    if (port.type !== undefined) return;
    throw new UsageError(
      'bad-option',
      `${this.uid}: ${port.name} is ${inWords(port)} of numbers or texts; export the model with one (skl2onnx: zipmap=False)`,
    );
  }
}

function bound(port: Port, columns: Readonly<Record<string, string>> = {}): Bound {
  const { name } = port;
  return { port, column: Object.hasOwn(columns, name) ? columns[name]! : name };
}

/**
 * Takes what the model makes of rows; where it fails on them, of their halves, as it says of all of them only that it failed. `bad` gets the rows that it
 * fails on by themselves, and why; the rows after one of these are not in their place. Throws the errors of a model that can't be run at all.
 * Cost: O(1 + failures · log rows) runs.
 */
async function runRows(
  run: RunRows,
  take: TakeOutputs,
  start: number,
  end: number,
  bad: Map<number, string>,
): Promise<void> {
  try {
    take(await run(start, end), end - start);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    if (end - start === 1) {
      bad.set(start, `the model fails on it (${messageOf(error)})`);
      return;
    }
    const middle = (start + end) >> 1;
    await runRows(run, take, start, middle, bad);
    await runRows(run, take, middle, end, bad);
  }
}
