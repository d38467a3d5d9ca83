import * as fs from 'node:fs/promises';
import { messageOf, UsageError } from '../../errors.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { TENSOR_PARAMS, TensorModel, type TensorModelOptions } from '../tensors/tensor-model.ts';
import { type LoadedOnnx, loadedOnnx } from './loaded-onnx.ts';

/** Where the model lies below a saved stage. */
const MODEL_FILE = 'onnx/model.onnx';

/**
 * A model in an ONNX file, as a stage; scikit-learn, XGBoost, PyTorch and others can be exported so.
 *
 *     const model = await OnnxModel.fromFile('churn.onnx', {
 *       inputs: { X: 'features' },
 *       outputs: { label: 'prediction', probabilities: 'probability' },
 *     });
 *
 * An input of one number a row reads a column of numbers, one of several a column of vectors, one of texts a column of texts. An output of
 * one value a row becomes a column of numbers or texts, any other one of vectors or lists of texts. Null among floating-point numbers is NaN.
 * Runs on `onnxruntime-node`. Throws `UsageError` where the columns do not fit the model's inputs. Cost: that of the model.
 */
export class OnnxModel extends TensorModel<LoadedOnnx> {
  static readonly className = 'millrace.OnnxModel';
  static readonly params = TENSOR_PARAMS;

  /**
   * The model in a file. Throws `UsageError` (`not-found`) where the file is missing, or `onnxruntime-node`; `StateError` (`damaged`) where it
   * is no model that this ONNX Runtime can run.
   */
  static async fromFile(file: string, options: TensorModelOptions = {}): Promise<OnnxModel> {
    const bytes = await fs.readFile(file).catch((cause) => {
      throw new UsageError('not-found', `OnnxModel: expected a readable file ${file} (${messageOf(cause)})`, { cause });
    });
    return new OnnxModel(await loadedOnnx(bytes, file), options);
  }

  static override async restore(saved: SavedStage): Promise<OnnxModel> {
    const loaded = await loadedOnnx(await saved.file(MODEL_FILE), `${saved.directory}/${MODEL_FILE}`);
    return new OnnxModel(loaded, saved.options(TENSOR_PARAMS), saved.uid);
  }

  override savedFiles() {
    return { [MODEL_FILE]: this.learned.bytes };
  }
}
