import { StandardScaler, StandardScalerModel } from './features/standard-scaler.ts';
import { VectorAssembler } from './features/vector-assembler.ts';
import { Pipeline, PipelineModel } from './pipeline.ts';
import type { StageClass } from './stage.ts';

/** Every class of stages that can be loaded. A new one is added here. */
export const STAGE_CLASSES: readonly StageClass[] = [
  Pipeline,
  PipelineModel,
  StandardScaler,
  StandardScalerModel,
  VectorAssembler,
];
