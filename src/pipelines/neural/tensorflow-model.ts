import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf, UsageError } from '../../errors.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { TENSOR_PARAMS, TensorModel, type TensorModelOptions } from '../tensors/tensor-model.ts';
import { type LoadedTensorFlow, loadedTensorFlow } from './loaded-tensorflow.ts';
import {
  damaged,
  MODEL_FILE,
  manifestOf,
  parseModelJson,
  savedTensorFlow,
  tensorFlowFiles,
  WEIGHTS_FILE,
} from './tensorflow-files.ts';

/**
 * A model that TensorFlow.js or its converter wrote, as a stage: a LayersModel or a GraphModel.
 *
 *     const model = await TensorFlowModel.fromDirectory('models/churn-tfjs', {
 *       inputs: { dense_input: 'features' },
 *       outputs: { dense_2: 'score' },
 *     });
 *
 * An input of one number a row reads a column of numbers, one of several a column of vectors, an image its pixels row by row. An output of
 * one number a row becomes a column of numbers, any other one of vectors.
 * Throws `UsageError` where the columns do not fit the model's inputs. Cost: that of the model.
 */
export class TensorFlowModel extends TensorModel<LoadedTensorFlow> {
  static readonly className = 'millrace.TensorFlowModel';
  static readonly params = TENSOR_PARAMS;

  /**
   * The model in a directory: `model.json` and the files of weights that it names. Runs no code from them.
   * Throws `UsageError` (`not-found`) where one of them is missing; `StateError` (`damaged`) where they are no such model.
   */
  static async fromDirectory(directory: string, options: TensorModelOptions = {}): Promise<TensorFlowModel> {
    const where = path.join(directory, 'model.json');
    const json = parseModelJson((await readNamed(where)).toString('utf8'), where);
    const weights: Buffer[] = [];
    for (const name of manifestOf(json, where).flatMap(({ paths }) => paths)) {
      if (path.basename(name) !== name) throw damaged(where, 'weights in the same directory', name);
      weights.push(await readNamed(path.join(directory, name)));
    }
    const files = tensorFlowFiles(json, Buffer.concat(weights), where);
    return new TensorFlowModel(await loadedTensorFlow(files, where), options);
  }

  static override async restore(saved: SavedStage): Promise<TensorFlowModel> {
    const json = parseModelJson((await saved.file(MODEL_FILE)).toString('utf8'), `${saved.directory}/${MODEL_FILE}`);
    const files = tensorFlowFiles(json, await saved.file(WEIGHTS_FILE), saved.directory);
    return new TensorFlowModel(await loadedTensorFlow(files, saved.directory), saved.options(TENSOR_PARAMS), saved.uid);
  }

  override savedFiles() {
    return savedTensorFlow(this.learned.files);
  }
}

async function readNamed(file: string): Promise<Buffer> {
  return fs.readFile(file).catch((cause) => {
    throw new UsageError('not-found', `TensorFlowModel: expected a readable file ${file} (${messageOf(cause)})`, {
      cause,
    });
  });
}
