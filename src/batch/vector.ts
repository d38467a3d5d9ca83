/** Features of one record, as Spark's `Vector`: dense (any array of numbers) or sparse. */
export type DenseVector = ArrayLike<number>;

/** Only the entries that are not zero. `indices` increase strictly and are below `size`. */
export interface SparseVector {
  readonly size: number;
  readonly indices: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export type Vector = DenseVector | SparseVector;

/** Features that count as `weight` rows, finite and ≥ 0; 1 where it is absent. */
export interface WeightedVector {
  readonly features: Vector;
  readonly weight?: number;
}

/** Features with the value that a learner should predict from them. */
export interface LabeledPoint extends WeightedVector {
  readonly label: number;
}

/** Spark's factory names: `Vectors.dense(1, 2)`, `Vectors.sparse(3, [0, 2], [1, 5])`. */
export const Vectors = {
  dense: (...values: readonly number[]): DenseVector => Float64Array.from(values),
  sparse: (size: number, indices: ArrayLike<number>, values: ArrayLike<number>): SparseVector => ({
    size,
    indices,
    values,
  }),
  zeros: (size: number): DenseVector => new Float64Array(size),
};

/** Spark's constructor as a function: `LabeledPoint(1, Vectors.dense(0, 2))`. */
export function LabeledPoint(label: number, features: Vector, weight?: number): LabeledPoint {
  return weight === undefined ? { label, features } : { label, features, weight };
}

export function isWeighted(record: Vector | WeightedVector): record is WeightedVector {
  return typeof record === 'object' && record !== null && 'features' in record;
}

export function isSparse(vector: Vector): vector is SparseVector {
  return 'indices' in vector;
}

/** All numbers of a vector; of a dense Float64Array, that itself. */
export function toDenseVector(vector: Vector): Float64Array {
  if (!isSparse(vector)) return vector instanceof Float64Array ? vector : Float64Array.from(vector);
  const dense = new Float64Array(vector.size);
  for (let p = 0; p < vector.indices.length; p++) dense[vector.indices[p]!] = vector.values[p]!;
  return dense;
}
