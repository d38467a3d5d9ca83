import { type SourceFile, targetOf } from './source-files.ts';

/**
 * Who may import whom: lowest first. A folder imports from itself and from the lines above its own in this list, never from
 * another folder of its own line. `docs/decisions/0001` tells why the front ends stand below the learners.
 */
const LAYERS = [
  ['errors.ts'],
  ['host'],
  ['numeric'],
  ['batch'],
  ['contracts'],
  ['engine', 'sources', 'sinks', 'kafka', 'monitors'],
  ['dstream', 'dataframe'],
  ['learners', 'experiments'],
  ['pipelines'],
  ['index.ts'],
  ['testing', 'cli', 'metrics', 'dashboard'],
] as const;

type Part = (typeof LAYERS)[number][number];

/** Those to whom the order of the layers gives too much: programs on Millrace import what any user can, entries of the package. */
const ONLY: Partial<Record<Part, readonly string[]>> = {
  cli: ['index.ts', 'pipelines/index.ts'],
  metrics: ['index.ts'],
  dashboard: ['index.ts'],
  testing: LAYERS.slice(
    0,
    LAYERS.findIndex((layer) => layer.some((part) => part === 'index.ts')),
  ).flat(),
};

/** What the file imports against the table, as sentences. */
export function layerBreaches(file: SourceFile): string[] {
  const importer = partOf(file.name);
  if (importer === undefined) return [`${file.name} is in no layer`];
  const allowed: readonly string[] = ONLY[importer] ?? LAYERS.slice(0, layerOf(importer)).flat();
  return file.imports.flatMap((each) => {
    const target = targetOf(file, each);
    if (target === undefined) return [];
    const imported = partOf(target);
    if (imported === importer || allowed.includes(imported ?? '') || allowed.includes(target)) return [];
    return [`${file.name} imports ${target}`];
  });
}

/** The folder below src, or the file where it lies in src itself. */
function partOf(name: string): Part | undefined {
  const [first] = name.split('/');
  return LAYERS.flat().find((part) => part === first);
}

function layerOf(part: Part): number {
  return LAYERS.findIndex((layer) => layer.some((each) => each === part));
}
