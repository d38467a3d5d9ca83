import type { JsonValue } from '../saved/json-text.ts';
import { isObject, type JsonObject } from '../saved/metadata.ts';

/**
 * Throws `Error` where layers of a topology wait for each other, or for one that is not there, or have one name: TensorFlow.js would look
 * for them for ever.
 * What it does not know the form of, it lets pass.
 */
export function checkLayerOrder(topology: JsonValue | undefined): void {
  if (Array.isArray(topology)) for (const each of topology) checkLayerOrder(each);
  if (!isObject(topology)) return;
  const { layers } = topology;
  if (Array.isArray(layers)) checkLayers(layers);
  for (const each of Object.values(topology)) checkLayerOrder(each);
}

/** A use of a layer: for each of its inputs, the layer that gives it and in which of its uses. */
type Use = readonly (readonly [layer: string, use: number])[];

function checkLayers(layers: readonly JsonValue[]): void {
  checkNames(layers.filter((layer) => isObject(layer) && Array.isArray(layer['inbound_nodes'])));
  const made = new Map(layers.map((layer) => [nameOf(layer), isModel(layer) ? Number.POSITIVE_INFINITY : 0]));
  let waiting = layers.flatMap((layer) => usesOf(layer).map((use) => ({ name: nameOf(layer), use })));
  while (waiting.length > 0) {
    const left = waiting.filter(({ name, use }) => {
      if (!use.every(([layer, index]) => index < (made.get(layer) ?? 0))) return true;
      made.set(name, made.get(name)! + 1);
      return false;
    });
    if (left.length === waiting.length) throw new Error(`layer ${left[0]!.name} has inputs that no layer gives`);
    waiting = left;
  }
}

/** Layers that name their inputs have names of their own. */
function checkNames(layers: readonly JsonValue[]): void {
  const names = new Set<string>();
  for (const layer of layers) {
    const [name, { config }] = [nameOf(layer), layer as JsonObject];
    if (names.has(name) || !isObject(config) || config['name'] !== name) {
      throw new Error(`layer ${name}: expected a name of its own`);
    }
    names.add(name);
  }
}

/** An input is there from the beginning, as if it had been used on nothing. */
function usesOf(layer: JsonValue): Use[] {
  const { class_name: className, inbound_nodes: nodes } = isObject(layer) ? layer : {};
  if (className === 'InputLayer') return [[]];
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node) =>
    (Array.isArray(node) ? node : []).flatMap((input): Use => {
      const [name, use] = Array.isArray(input) ? input : [];
      return name === undefined ? [] : [[String(name), Number(use)]];
    }),
  );
}

function nameOf(layer: JsonValue): string {
  return isObject(layer) ? String(layer['name']) : '';
}

function isModel(layer: JsonValue): boolean {
  return isObject(layer) && isObject(layer['config']) && Array.isArray(layer['config']['layers']);
}
