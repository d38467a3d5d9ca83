import type * as layers from '@tensorflow/tfjs-layers';

type Layer = InstanceType<typeof layers.LayersModel>;

/** What every layer calls for each tensor of its weights. */
type AddWeight = (
  this: unknown,
  name: string,
  shape: readonly number[],
  dtype: string | undefined,
  initializer: unknown,
  ...others: unknown[]
) => unknown;

/**
 * The model that `make` makes, if its layers have no more than `limit` weights in all, which are 0 at first. TensorFlow.js makes room for
 * weights from what the topology claims, before it looks for their values: a file of a few bytes could ask for all memory. So `make` is
 * called, up to where it first waits, with a look at each layer's wish.
 *
 * Rejects where a layer wants more.
 */
export function withWeightsOf(tfLayers: typeof layers, limit: number, make: () => Promise<Layer>): Promise<Layer> {
  const prototype = layerPrototype(tfLayers);
  const { addWeight } = prototype;
  const zeros = tfLayers.initializers.zeros();
  let left = limit;
  prototype.addWeight = function (name, shape, dtype, _initializer, ...others) {
    left -= shape.reduce((product, dimension) => product * dimension, 1);
    if (!(left >= 0)) throw new Error(`its layers have more than the ${limit} weights that are saved`);
    return addWeight.call(this, name, shape, dtype, zeros, ...others);
  };
  try {
    return make();
  } finally {
    prototype.addWeight = addWeight;
  }
}

/** The prototype of all layers; the class itself is not exported. */
function layerPrototype({ LayersModel }: typeof layers): { addWeight: AddWeight } {
  let prototype = LayersModel.prototype as unknown as { addWeight: AddWeight };
  while (!Object.hasOwn(prototype, 'addWeight')) prototype = Object.getPrototypeOf(prototype);
  return prototype;
}
