/**
 * TensorFlow.js, loaded when it is first needed, on the fastest of what is there: the native binding, WebAssembly, plain JavaScript.
 * What it computes on is one setting for the whole process; that is how TensorFlow.js is made.
 */
import { createRequire } from 'node:module';
import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { messageOf, UsageError } from '../../errors.ts';
import { type Log, stderrLog } from '../../host/log.ts';
import {
  type ImportPackage,
  importPackage,
  installedPackage,
  packageIfInstalled,
} from '../../host/optional-package.ts';
import { withoutThrowingListeners } from '../../host/throwing-listeners.ts';
import type { TensorFlowBackend } from './load-tensorflow.ts';
import { addTensorMethods } from './tensor-methods.ts';

export interface TensorFlow {
  readonly core: typeof core;
  /** Loading it is also what gives the core its gradients. */
  readonly layers: typeof layers;
  readonly backend: TensorFlowBackend;
}

const NATIVE = '@tensorflow/tfjs-node';
const WHO = 'TensorFlow.js';
const BESIDE_CORE = '@tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm';

let loading: Promise<TensorFlow> | undefined;
let loaded: TensorFlow | undefined;

/** TensorFlow.js, as `loadTensorFlow` says. */
export function tensorFlow({ log = stderrLog }: { readonly log?: Log } = {}): Promise<TensorFlow> {
  loading ??= openTensorFlow(importPackage, log).then(
    (opened) => {
      loaded = opened;
      return opened;
    },
    (error) => {
      loading = undefined; // what was missing may be installed by the next time
      throw error;
    },
  );
  return loading;
}

/** TensorFlow.js for who can't wait. Throws `UsageError` (`not-initialised`) where it was not loaded. */
export function readyTensorFlow(who: string): TensorFlow {
  if (loaded !== undefined) return loaded;
  throw new UsageError(
    'not-initialised',
    `${who}: TensorFlow.js is not loaded; await loadTensorFlow() before the learner is made`,
  );
}

/** What `f` gives, which is no tensor; every tensor that it made is gone, also where it throws. */
export function tidied<R>(tf: typeof core, f: () => R): R {
  tf.engine().startScope();
  try {
    return f();
  } finally {
    tf.engine().endScope();
  }
}

/** The packages by way of `load`, and the backend set. */
export async function openTensorFlow(load: ImportPackage, log: Log): Promise<TensorFlow> {
  const isNative = await hasNativeBinding(load, log);
  const tf = await installedPackage<typeof core>('@tensorflow/tfjs-core', WHO, load, BESIDE_CORE);
  const layersOf = await installedPackage<typeof layers>('@tensorflow/tfjs-layers', WHO, load);
  addTensorMethods(tf);
  const backend = isNative ? 'tensorflow' : await withoutBinding(tf, load, log);
  await tf.setBackend(backend);
  await tf.ready();
  log.info(`TensorFlow.js ${tf.version_core} computes on ${DESCRIPTIONS[backend]}`);
  return { core: tf, layers: layersOf, backend };
}

const DESCRIPTIONS: Readonly<Record<TensorFlowBackend, string>> = {
  tensorflow: `the native binding (${NATIVE})`,
  wasm: `WebAssembly; ${NATIVE} is faster for large networks`,
  cpu: `plain JavaScript; @tensorflow/tfjs-backend-wasm and ${NATIVE} are faster`,
};

/** Whether the native binding is there; loading it registers its backend. */
async function hasNativeBinding(load: ImportPackage, log: Log): Promise<boolean> {
  try {
    return (await packageIfInstalled(NATIVE, restoringUtil(load))) !== undefined;
  } catch (error) {
    log.warn(`TensorFlow.js: ${NATIVE} is installed but can't be loaded (${messageOf(error)}); going on without it`);
    return false;
  }
}

/** Version 4.22 of the binding calls functions of `node:util` that Node 23 took away (tensorflow/tfjs issue 8609). */
function restoringUtil(load: ImportPackage): ImportPackage {
  return async (name) => {
    const found = await load(name);
    const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
    util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
    util['isArray'] ??= Array.isArray;
    return found;
  };
}

async function withoutBinding(tf: typeof core, load: ImportPackage, log: Log): Promise<TensorFlowBackend> {
  try {
    const isInstalled = (await packageIfInstalled('@tensorflow/tfjs-backend-wasm', load)) !== undefined;
    if (isInstalled && (await withoutThrowingListeners(() => tf.setBackend('wasm')))) return 'wasm';
  } catch (error) {
    log.warn(`TensorFlow.js: WebAssembly can't be used (${messageOf(error)}); going on in plain JavaScript`);
  }
  await installedPackage('@tensorflow/tfjs-backend-cpu', WHO, load);
  return 'cpu';
}
