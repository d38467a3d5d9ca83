import type { JsonValue } from './saved/json-text.ts';
import { parseJson } from './saved/json-text.ts';
import type { Stage } from './stage.ts';

/** A stage as plain data, for people and programs that look at it. */
export interface StageSummary {
  readonly uid: string;
  /** Its class, as code calls it. */
  readonly name: string;
  /** Its class, as saved models call it. */
  readonly className: string;
  /** The parameters that were set to something other than their default. */
  readonly params: Readonly<Record<string, JsonValue>>;
  /** What it has learned: rows of values by the folder that they are saved in. None for what learns nothing. */
  readonly learned: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** What it has learned that is saved in a format of its own: bytes by file. */
  readonly filesBytes: Readonly<Record<string, number>>;
  /** The stages in it, each with the folder that it is saved in. */
  readonly stages: readonly (StageSummary & { readonly folder: string })[];
}

/** Tells what a stage, a pipeline or a model is made of. What it has learned is not copied. */
export function summaryOf(stage: Stage): StageSummary {
  const { name, className } = stage.stageClass;
  const learned = Object.entries(stage.savedData()).map(([folder, { rows }]) => [folder, rows] as const);
  return {
    uid: stage.uid,
    name,
    className,
    params: unusualParams(stage),
    learned: Object.fromEntries(learned),
    filesBytes: Object.fromEntries(Object.entries(stage.savedFiles()).map(([name, { length }]) => [name, length])),
    stages: stage.savedStages().map(([folder, inner]) => ({ ...summaryOf(inner), folder })),
  };
}

/** In the order in which the class has them. What a class saves beside its parameters is left out. */
function unusualParams(stage: Stage): Record<string, JsonValue> {
  const saved = stage.savedParams();
  const unusual = Object.entries(stage.stageClass.params).filter(([name, param]) => {
    if (saved[name] === undefined) return false;
    const usual = stage.defaultOf(name);
    return usual === undefined || param.toJson(usual) !== saved[name];
  });
  return Object.fromEntries(unusual.map(([name]) => [name, parseJson(saved[name]!)]));
}
