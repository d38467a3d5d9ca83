import type { Schema } from '../../batch/schema.ts';

/** The schema with one more column of vectors, made from vectors. `widthFrom` says how long from how long those are, where it can. */
export function withVectorOutput(
  schema: Schema,
  inputCol: string,
  outputCol: string,
  widthFrom: (width: number | undefined) => number | undefined = (width) => width,
): Schema {
  const { width } = schema.require(inputCol, ['vector']);
  return schema.with({ name: outputCol, type: 'vector', width: widthFrom(width) });
}
