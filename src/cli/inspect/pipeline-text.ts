import { type Stage, type StageSummary, summaryOf } from '../../pipelines/index.ts';
import { numberText, sizeText, table } from './plain-text.ts';
import type { SavedFigures } from './saved-figures.ts';

/** Numbers, and texts, that are shown of a list. */
const MOST_NUMBERS = 6;
const MOST_TEXTS = 4;
/** Letters that are shown of a parameter's value. */
const LONGEST_VALUE = 60;

/** A saved pipeline as a person wants to read it. */
export function pipelineText(
  directory: string,
  stage: Stage,
  { sparkVersion, savedAtMs, sizesBytes }: SavedFigures,
): string {
  return [
    `model ${directory}`,
    '',
    ...table([
      ['class', stage.stageClass.className],
      ['uid', stage.uid],
      ['layout', `of Spark ${sparkVersion}`],
      ['saved', savedAtMs === undefined ? 'it does not say when' : new Date(savedAtMs).toISOString()],
      ['size', sizeText(sizesBytes.get('') ?? 0)],
    ]),
    '',
    ...stageTable(stage, sizesBytes),
  ].join('\n');
}

/** The same, and all that was learned, as JSON. */
export function pipelineJson(stage: Stage, { sparkVersion, savedAtMs, sizesBytes }: SavedFigures): string {
  return jsonText({ sparkVersion, savedAtMs, sizesBytes: Object.fromEntries(sizesBytes), ...summaryOf(stage) }, 2);
}

/** Each stage with its class, its parameters other than the default ones, and what it has learned, in short. */
export function stageTable(stage: Stage, sizesBytes?: SavedFigures['sizesBytes']): string[] {
  const stages = stagesIn(summaryOf(stage), '');
  const rows = stages.map(({ summary, folder }) => [
    summary.name,
    ...(sizesBytes === undefined ? [] : [sizeText(sizesBytes.get(folder) ?? 0)]),
    paramsText(summary),
    learnedText(summary),
  ]);
  return table([['stage', ...(sizesBytes === undefined ? [] : ['size']), 'parameters', 'learned'], ...rows]);
}

/** The stages that are no pipelines themselves, in order. */
function stagesIn(summary: StageSummary, folder: string): { summary: StageSummary; folder: string }[] {
  if (summary.stages.length === 0) return [{ summary, folder }];
  return summary.stages.flatMap((inner) => stagesIn(inner, folder === '' ? inner.folder : `${folder}/${inner.folder}`));
}

function paramsText({ params }: StageSummary): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${shortened(typeof value === 'string' ? value : jsonText(value))}`)
    .join(' ');
}

function learnedText({ learned, filesBytes }: StageSummary): string {
  const files = Object.entries(filesBytes).map(([file, sizeBytes]) => `${file} ${sizeText(sizeBytes)}`);
  const data = Object.entries(learned).map(([folder, rows]) => {
    const [only, ...others] = rows;
    if (only === undefined) return `${folder}: none`;
    if (others.length > 0) return `${rows.length.toLocaleString('en-US')} rows of ${Object.keys(only).join(', ')}`;
    return Object.entries(only)
      .map(([name, value]) => `${name} ${valueText(value)}`)
      .join('; ');
  });
  return [...data, ...files].join('; ');
}

/** `0.25 -1 …(12)` */
function valueText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return shortened(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return listText(Array.from(value as ArrayLike<unknown>));
  if (typeof value === 'object' && value !== null && 'numRows' in value && 'values' in value) {
    const { numRows, numCols, values } = value as { numRows: number; numCols: number; values: Float64Array };
    return numRows === 1 ? valueText(values) : `${numRows}×${numCols} ${valueText(values)}`;
  }
  return shortened(jsonText(value));
}

function listText(list: readonly unknown[]): string {
  const most = typeof list[0] === 'number' ? MOST_NUMBERS : MOST_TEXTS;
  const shown = list.slice(0, most).map(valueText);
  return list.length > most ? `[${shown.join(' ')} …${list.length}]` : `[${shown.join(' ')}]`;
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function jsonText(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_, part) =>
      ArrayBuffer.isView(part) ? Array.from(part as Float64Array) : typeof part === 'bigint' ? String(part) : part,
    space,
  );
}
