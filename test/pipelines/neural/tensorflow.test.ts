import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import * as core from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import type { Log } from '../../../src/host/log.ts';
import { type ImportPackage, importPackage } from '../../../src/host/optional-package.ts';
import { openTensorFlow } from '../../../src/pipelines/neural/tensorflow.ts';

const NATIVE = '@tensorflow/tfjs-node';

/** What was said, and a log that says it. */
function listening(): { readonly said: string[]; readonly log: Log } {
  const said: string[] = [];
  return { said, log: { info: (text) => said.push(text), warn: (text) => said.push(`warning: ${text}`) } };
}

/** As if these packages were not installed. */
function without(...names: readonly string[]): ImportPackage {
  return async (name) =>
    names.includes(name) ? importPackage(`${name}/not-there`).catch(rename(name)) : importPackage(name);
}

/** The error of Node for a package that is not there, with this package's name. */
function rename(name: string) {
  return (error: Error) => {
    error.message = error.message.replaceAll(`${name}/not-there`, name);
    throw error;
  };
}

describe('TensorFlow.js', () => {
  afterAll(async () => {
    core.removeBackend('tensorflow');
    await core.setBackend('wasm');
  });

  it('computes in WebAssembly where the native binding is not installed, and says so', async () => {
    const { said, log } = listening();
    const { backend } = await openTensorFlow(without(NATIVE), log);
    expect([backend, core.getBackend()]).toEqual(['wasm', 'wasm']);
    expect(said).toEqual([expect.stringMatching(/^TensorFlow.js 4\.\d+\.\d+ computes on WebAssembly/)]);
  });

  it('leaves what the program listens to as it was', async () => {
    const script = `
      const listeners = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
      const { loadTensorFlow } = await import('millrace/pipelines');
      const before = listeners();
      console.log(await loadTensorFlow({ log: { info() {}, warn() {} } }), String(listeners()) === String(before));`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect([stdout.trim(), stderr]).toEqual(['wasm true', '']);
  });

  it('computes in plain JavaScript where WebAssembly is not there either', async () => {
    const { said, log } = listening();
    const { backend } = await openTensorFlow(without(NATIVE, '@tensorflow/tfjs-backend-wasm'), log);
    expect([backend, core.getBackend()]).toEqual(['cpu', 'cpu']);
    expect(said).toEqual([expect.stringMatching(/computes on plain JavaScript/)]);
  });

  it('goes on without a native binding that is installed but broken, with a warning', async () => {
    const { said, log } = listening();
    const broken: ImportPackage = async (name) => {
      if (name === NATIVE) throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found');
      return importPackage(name);
    };
    expect((await openTensorFlow(broken, log)).backend).toBe('wasm');
    expect(said[0]).toMatch(/^warning: .*tfjs-node is installed but can't be loaded \(The Node.js native addon/);
  });

  it('takes the native binding where it is installed, and mends what it misses in Node 23', async () => {
    const { said, log } = listening();
    const nodeUtil = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
    const { isNullOrUndefined } = nodeUtil;
    delete nodeUtil['isNullOrUndefined'];
    await importPackage('@tensorflow/tfjs-backend-cpu');
    // What importing the binding does: its backend is registered. Here its kernels are those of plain JavaScript.
    const native: ImportPackage = async (name) => {
      if (name !== NATIVE) return importPackage(name);
      core.registerBackend('tensorflow', () => core.findBackendFactory('cpu')(), 3);
      core.copyRegisteredKernels('cpu', 'tensorflow');
      return {};
    };
    const { backend } = await openTensorFlow(native, log);
    expect([backend, core.getBackend()]).toEqual(['tensorflow', 'tensorflow']);
    expect(said).toEqual([expect.stringMatching(/computes on the native binding/)]);
    expect((nodeUtil['isNullOrUndefined'] as (value: unknown) => boolean)(null)).toBe(true);
    if (isNullOrUndefined !== undefined) nodeUtil['isNullOrUndefined'] = isNullOrUndefined;
    expect(core.add(1, 2).dataSync()[0]).toBe(3);
  });

  it('says which packages to install', async () => {
    const opening = openTensorFlow(without(NATIVE, '@tensorflow/tfjs-core'), listening().log);
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow(
      /not installed; run: npm install @tensorflow\/tfjs-core @tensorflow\/tfjs-layers @tensorflow\/tfjs-backend-wasm$/,
    );
  });

  it('is loaded when a stage needs it, and by nothing else', async () => {
    const script = `
      import { createRequire } from 'node:module';
      const p = await import('millrace/pipelines');
      await import('millrace');
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /tensorflow|onnxruntime/.test(file));
      console.log(loaded());
      const rows = [0, 1, 2].map((x) => ({ features: [x], label: x }));
      await new p.NeuralRegressor({ epochs: 1 }).fit(p.Table.fromRows(rows));
      console.log(loaded());`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(stdout.trim().split('\n')).toEqual(['false', 'true']);
    expect(stderr).toMatch(/^millrace: TensorFlow.js .* computes on/);
  });
});
