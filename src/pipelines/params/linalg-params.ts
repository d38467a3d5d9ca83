/** Parameters that are vectors and matrices, as Spark writes them to JSON. */
import { isSparse, type Vector } from '../../batch/vector.ts';
import { StateError } from '../../errors.ts';
import type { DenseMatrix } from '../saved/dense-matrix.ts';
import type { JsonValue } from '../saved/json-text.ts';
import { matrixFromStruct, vectorOfStruct } from '../saved/linalg-structs.ts';
import type { Param } from './param.ts';

/** A vector, dense or sparse. */
export function vectorParam(): Param<Vector> {
  return {
    expected: 'a vector',
    accepts: (value) => typeof value === 'object' && value !== null && (isSparse(value as Vector) || 'length' in value),
    toJson: (vector) =>
      isSparse(vector)
        ? `{"type":0,"size":${vector.size},"indices":[${vector.indices}],"values":${numbersText(vector.values)}}`
        : `{"type":1,"values":${numbersText(vector)}}`,
    fromJson: (json) => readOr(json, vectorOfStruct),
  };
}

export function matrixParam(): Param<DenseMatrix> {
  return {
    expected: 'a matrix, its values by columns',
    accepts: (value) => {
      const { numRows, numCols, values } = (value ?? {}) as DenseMatrix;
      return values instanceof Float64Array && values.length === numRows * numCols;
    },
    toJson: ({ numRows, numCols, values }) =>
      `{"class":"matrix","type":1,"numRows":${numRows},"numCols":${numCols},"values":${numbersText(values)},"isTransposed":false}`,
    fromJson: (json) => readOr(json, matrixFromStruct),
  };
}

/** What is no such thing is left as it is, for `accepts` to refuse. */
function readOr<T>(json: JsonValue, read: (json: JsonValue, where: string) => T): T | JsonValue {
  try {
    return read(withInfinities(json), 'a parameter');
  } catch (error) {
    if (error instanceof StateError) return json;
    throw error;
  }
}

/**
 * Spark writes infinite numbers here as words, `-Infinity`, which it then can't read. So they are written as the largest number, which no
 * other number of a model is, and both are read.
 */
function withInfinities(json: JsonValue): JsonValue {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !Array.isArray(json['values'])) return json;
  const number = (value: JsonValue) => {
    const known = typeof value === 'string' ? Number(value) : value;
    if (known === Number.MAX_VALUE) return Number.POSITIVE_INFINITY;
    return known === -Number.MAX_VALUE ? Number.NEGATIVE_INFINITY : known;
  };
  return { ...json, values: json['values'].map(number) };
}

function numbersText(numbers: ArrayLike<number>): string {
  const finite = (value: number) => Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  return `[${Array.from(numbers, finite)}]`;
}
