import type { Schema } from '../../batch/schema.ts';
import { UsageError } from '../../errors.ts';

/** What a tensor may hold. */
export type ValueType =
  | 'float32'
  | 'float64'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'bool'
  | 'string';

/** An input or an output of a model from elsewhere. */
export interface Port {
  readonly name: string;
  /** Undefined where it is nothing that a column can hold: no tensor, or of a type that is not among these. */
  readonly type: ValueType | undefined;
  /** Of all rows together; undefined where a dimension is open. No shape at all where nothing is known of it. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** A port, and the column that it reads or writes. */
export interface Bound {
  readonly port: Port;
  readonly column: string;
}

/** How many values there are a row; undefined where that is open. */
export function valuesPerRow({ shape }: Port): number | undefined {
  let product: number | undefined = shape === undefined ? undefined : 1;
  for (const dimension of shape?.slice(1) ?? []) {
    product = product === undefined || dimension === undefined ? undefined : product * dimension;
  }
  return product;
}

/** Rows that a port wants at once; undefined where any number will do. */
export function rowsAtOnce({ shape }: Port): number | undefined {
  return shape?.[0];
}

/** As one writes it in a message: `float32[rows, 4]`. */
export function inWords({ type, shape }: Port): string {
  if (type === undefined) return 'no tensor';
  const [rows, ...rest] = shape ?? [];
  return shape === undefined ? type : `${type}[${[rows ?? 'rows', ...rest.map((each) => each ?? '?')].join(', ')}]`;
}

/** Throws `UsageError` (`not-found`, `wrong-type`, `wrong-width`) where a column can't be an input. */
export function requireInput(schema: Schema, who: string, { port, column }: Bound): void {
  const width = valuesPerRow(port);
  const field = schema.field(column);
  if (field.type === 'void') return;
  const refuse = (code: 'wrong-type' | 'wrong-width', got: string) => {
    const message = `${who}: input ${port.name} is ${inWords(port)}, but column ${column} is ${got}`;
    return new UsageError(code, message);
  };
  if (port.type === 'string') {
    if (field.type === (width === 1 ? 'string' : 'array<string>') || (width === undefined && isText(field.type)))
      return;
    throw refuse('wrong-type', field.type);
  }
  if (field.type === 'vector') {
    if (width === undefined || field.width === undefined || field.width === width) return;
    throw refuse('wrong-width', `a vector of ${field.width} numbers`);
  }
  schema.requireNumeric(column);
  if (width !== undefined && width !== 1) throw refuse('wrong-width', 'one number');
}

/** The schema with a column for each output: numbers and texts where there is one a row, else vectors and lists of texts. */
export function withOutputs(schema: Schema, outputs: readonly Bound[]): Schema {
  return outputs.reduce((current, { port, column }) => {
    const width = valuesPerRow(port);
    if (port.type === 'string') return current.with({ name: column, type: width === 1 ? 'string' : 'array<string>' });
    if (width === 1) return current.with({ name: column, type: 'double' });
    return current.with(
      width === undefined ? { name: column, type: 'vector' } : { name: column, type: 'vector', width },
    );
  }, schema);
}

function isText(type: string): boolean {
  return type === 'string' || type === 'array<string>';
}
