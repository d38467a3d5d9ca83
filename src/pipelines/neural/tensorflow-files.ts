/**
 * A TensorFlow.js model as its files say it, in the format that TensorFlow.js and its converter write: a `model.json` with what is
 * computed and which weights there are, and their bytes.
 */
import { excerpt, messageOf, StateError } from '../../errors.ts';
import type { JsonValue } from '../saved/json-text.ts';
import { isObject, type JsonObject } from '../saved/metadata.ts';

/** Where they lie below a saved stage. */
export const MODEL_FILE = 'tensorflow/model.json';
export const WEIGHTS_FILE = 'tensorflow/weights.bin';

/** The weights' file as `model.json` names it. */
const WEIGHTS_NAME = 'weights.bin';

/** A named tensor of weights. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: JsonObject;
  readonly group?: string;
}

export interface TensorFlowFiles {
  /** What `model.json` says, but for the weights. */
  readonly model: JsonObject;
  readonly specs: readonly WeightSpec[];
  /** The bytes of all weights, in the order of `specs`. */
  readonly weights: Uint8Array;
}

/** The two files that hold a model. */
export function savedTensorFlow({ model, specs, weights }: TensorFlowFiles): Readonly<Record<string, Uint8Array>> {
  const json = { ...model, weightsManifest: [{ paths: [WEIGHTS_NAME], weights: specs }] };
  return { [MODEL_FILE]: Buffer.from(JSON.stringify(json), 'utf8'), [WEIGHTS_FILE]: weights };
}

/** The content of a `model.json`. Throws `StateError` (`damaged`) naming `where`. */
export function parseModelJson(text: string, where: string): JsonObject {
  try {
    const json: JsonValue = JSON.parse(text);
    if (isObject(json) && isObject(json['modelTopology'])) return json;
  } catch (cause) {
    throw new StateError('damaged', `${where}: expected JSON (${messageOf(cause)})`, { cause });
  }
  throw new StateError(
    'damaged',
    `${where}: expected a TensorFlow.js model with a modelTopology, got ${excerpt(text)}`,
  );
}

/** The groups of a `model.json`'s weights: the files of each, and what is in them. Throws `StateError` (`damaged`). */
export function manifestOf({ weightsManifest }: JsonObject, where: string) {
  if (!Array.isArray(weightsManifest)) throw damaged(where, 'a weightsManifest', weightsManifest);
  return weightsManifest.map((group) => {
    const { paths, weights } = isObject(group) ? group : {};
    const named = Array.isArray(paths) && paths.every((each): each is string => typeof each === 'string');
    if (!named || !Array.isArray(weights)) throw damaged(where, 'a group of weights with its paths', group);
    return { paths, specs: weights.map((spec) => checkedSpec(spec, where)) };
  });
}

/** The model of its `model.json` and the bytes of its weights, which fit. Throws `StateError` (`damaged`) naming `where`. */
export function tensorFlowFiles(json: JsonObject, weights: Uint8Array, where: string): TensorFlowFiles {
  const specs = manifestOf(json, where).flatMap((group) => group.specs);
  const names = new Set(specs.map(({ name }) => name));
  if (names.size !== specs.length)
    throw damaged(
      where,
      'each name of weights once',
      specs.map(({ name }) => name),
    );
  const bytes = specs.reduce((sum, spec) => sum + valuesIn(spec) * bytesPerValue(spec), 0);
  if (bytes !== weights.length) throw damaged(where, `${bytes} bytes of weights`, weights.length);
  const { weightsManifest: _, ...model } = json;
  return { model, specs, weights };
}

export function valuesIn({ shape }: WeightSpec): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

function bytesPerValue({ dtype, quantization }: WeightSpec): number {
  return BYTES[String(quantization?.['dtype'] ?? dtype)]!;
}

function checkedSpec(spec: JsonValue, where: string): WeightSpec {
  const { name, shape, dtype, quantization } = isObject(spec) ? spec : {};
  const isShape =
    Array.isArray(shape) && shape.every((dimension) => Number.isSafeInteger(dimension) && (dimension as number) >= 0);
  const stored = isObject(quantization) ? quantization['dtype'] : dtype;
  const isKnown = typeof stored === 'string' && Object.hasOwn(BYTES, stored) && typeof dtype === 'string';
  if (typeof name === 'string' && isShape && isKnown && Object.hasOwn(BYTES, dtype))
    return spec as unknown as WeightSpec;
  throw damaged(where, 'weights of a name, a shape and a type of number', spec);
}

export function damaged(where: string, expected: string, got: unknown): StateError {
  return new StateError('damaged', `${where}: expected ${expected}, got ${excerpt(got)}; the model is damaged`);
}
