import type * as ort from 'onnxruntime-node';
import { messageOf, StateError } from '../../errors.ts';
import { importPackage, installedPackage } from '../../host/optional-package.ts';
import type { TensorValues } from '../tensors/input-values.ts';
import type { GivenValues } from '../tensors/output-column.ts';
import type { Port, ValueType } from '../tensors/port.ts';
import type { LoadedModel } from '../tensors/tensor-model.ts';

/** A model in ONNX Runtime, and the bytes of the file that it was made from. */
export interface LoadedOnnx extends LoadedModel {
  readonly bytes: Uint8Array;
}

/** Errors come as exceptions; what ONNX Runtime prints besides is of no use to anyone. */
const OPTIONS: ort.InferenceSession.SessionOptions = { logSeverityLevel: 4 };

/** Throws `StateError` (`damaged`) naming `where`, where the bytes are no model that this ONNX Runtime can run. */
export async function loadedOnnx(bytes: Uint8Array, where: string): Promise<LoadedOnnx> {
  const { InferenceSession, Tensor } = await installedPackage<typeof ort>(
    'onnxruntime-node',
    'OnnxModel',
    importPackage,
  );
  const session = await InferenceSession.create(bytes, OPTIONS).catch((cause: unknown) => {
    throw new StateError('damaged', `${where}: ONNX Runtime can't load the model (${messageOf(cause)})`, { cause });
  });
  return {
    bytes,
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    async run(inputs, outputs) {
      const feeds = Array.from(inputs, ([name, values]) => [name, tensorOf(Tensor, values)]);
      const given = await session.run(Object.fromEntries(feeds), outputs);
      return new Map(outputs.map((name) => [name, valuesOf(given[name]!)]));
    },
  };
}

/** How the values of a type are held. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

function portOf(metadata: ort.InferenceSession.ValueMetadata): Port {
  const { name } = metadata;
  if (!metadata.isTensor) return { name, type: undefined, shape: undefined };
  const { type, shape } = metadata;
  const isKnown = type === 'string' || Object.hasOwn(ARRAYS, type);
  return {
    name,
    type: isKnown ? (type as ValueType) : undefined,
    shape: shape.length === 0 ? undefined : shape.map((each) => (typeof each === 'number' ? each : undefined)),
  };
}

function tensorOf(Tensor: typeof ort.Tensor, { type, values, shape }: TensorValues): ort.Tensor {
  if (type === 'string') return new Tensor('string', values as string[], shape);
  const array = ARRAYS[type] as { from(values: ArrayLike<unknown>): ort.Tensor['data'] };
  return new Tensor(type, array.from(values), shape);
}

function valuesOf({ data, dims }: ort.Tensor): GivenValues {
  return { values: data as GivenValues['values'], shape: dims };
}
