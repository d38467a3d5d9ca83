import { loadStage } from '../../pipelines/index.ts';
import { pipelineJson, pipelineText } from './pipeline-text.ts';
import { savedFigures } from './saved-figures.ts';

/** What is in the directory of a saved pipeline. */
export async function inspectedPipeline(directory: string, json: boolean): Promise<string> {
  const [stage, figures] = [await loadStage(directory), await savedFigures(directory)];
  return json ? pipelineJson(stage, figures) : pipelineText(directory, stage, figures);
}
