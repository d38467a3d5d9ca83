import { describe, expect, it } from 'vitest';
import { layerBreaches } from './layers.ts';
import { type SourceFile, sourceFile, sourceFiles, targetOf } from './source-files.ts';

const files = sourceFiles();

describe('src', () => {
  it('imports along the layers only', () => {
    expect(files.flatMap(layerBreaches)).toEqual([]);
  });

  it('has no cycle of imports but of types', () => {
    expect(cyclesIn(files)).toEqual([]);
  });

  it('imports files by their names, with the ending .ts', () => {
    const breaches = files.flatMap(({ name, imports }) =>
      imports
        .filter(({ specifier }) => specifier.startsWith('.') && !specifier.endsWith('.ts'))
        .map(({ specifier }) => `${name} imports ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  it('imports only files that are there', () => {
    const names = new Set(files.map(({ name }) => name));
    const targets = files.flatMap((file) => file.imports.flatMap((each) => targetOf(file, each) ?? []));
    expect(targets.length).toBeGreaterThan(files.length);
    expect(targets.filter((target) => !names.has(target))).toEqual([]);
  });
});

describe('these checks', () => {
  const breachesOf = (name: string, text: string) => layerBreaches(sourceFile(name, text));

  it('see every kind of import', () => {
    const text = [
      "import * as path from 'node:path';",
      "import type { Source } from '../contracts/source.ts';",
      'import {',
      '  Batch,',
      "} from '../batch/batch.ts';",
      "export * from './all.ts';",
      "export type { Log } from '../host/log.ts';",
      "import './for-its-effect.ts';",
      "const late = await import('./late.ts');",
      "// import { nothing } from './comment.ts';",
    ].join('\n');
    expect(sourceFile('engine/any.ts', text).imports).toEqual([
      { specifier: 'node:path', typeOnly: false },
      { specifier: '../contracts/source.ts', typeOnly: true },
      { specifier: '../batch/batch.ts', typeOnly: false },
      { specifier: './all.ts', typeOnly: false },
      { specifier: '../host/log.ts', typeOnly: true },
      { specifier: './for-its-effect.ts', typeOnly: false },
      { specifier: './late.ts', typeOnly: false },
    ]);
  });

  it.each([
    ['up', 'batch/batch.ts', '../engine/journal.ts'],
    ['up, be it for a type', 'dstream/dstream.ts', '../learners/online-learner.ts'],
    ['sideways', 'engine/engine.ts', '../sources/queue-source.ts'],
    ['past index.ts', 'cli/main.ts', '../engine/journal.ts'],
    ['past pipelines/index.ts', 'cli/main.ts', '../pipelines/pipeline.ts'],
    ['index.ts from the test kit', 'testing/check.ts', '../index.ts'],
    ['index.ts from below', 'dstream/dstream.ts', '../index.ts'],
    ['anything into errors.ts', 'errors.ts', './host/log.ts'],
    ['what is in no layer', 'engine/engine.ts', '../utils/any.ts'],
  ])('refuse an import that goes %s', (_, importer, specifier) => {
    expect(breachesOf(importer, `import type { Any } from '${specifier}';`)).toHaveLength(1);
  });

  it('refuse a folder that is in no layer', () => {
    expect(breachesOf('utils/any.ts', '')).toEqual(['utils/any.ts is in no layer']);
  });

  it('allow what goes down, stays, or comes from outside', () => {
    const text = "import 'node:fs';\nimport './b.ts';\nimport '../dstream/dstream.ts';\nimport '../errors.ts';";
    expect(breachesOf('learners/a.ts', text)).toEqual([]);
    const entries = "import '../index.ts';\nimport '../pipelines/index.ts';\nimport './demo/demo.ts';";
    expect(breachesOf('cli/main.ts', entries)).toEqual([]);
    expect(breachesOf('testing/a.ts', "import '../dstream/dstream.ts';")).toEqual([]);
  });

  it('find a cycle, and let one of types pass', () => {
    const cycle = (kind: string) => [
      sourceFile('batch/a.ts', "import { b } from './b.ts';"),
      sourceFile('batch/b.ts', "import { c } from './c.ts';"),
      sourceFile('batch/c.ts', `${kind} { b } from './b.ts';`),
    ];
    expect(cyclesIn(cycle('import'))).toEqual(['batch/b.ts → batch/c.ts → batch/b.ts']);
    expect(cyclesIn(cycle('import type'))).toEqual([]);
  });
});

/** The cycles that a walk along the imports meets, each once. */
function cyclesIn(all: readonly SourceFile[]): string[] {
  const byName = new Map(all.map((file) => [file.name, file]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (name: string, way: readonly string[]): void => {
    const met = way.indexOf(name);
    if (met >= 0) cycles.push([...way.slice(met), name].join(' → '));
    const file = byName.get(name);
    if (met >= 0 || done.has(name) || file === undefined) return;
    for (const each of file.imports) {
      const target = targetOf(file, each);
      if (!each.typeOnly && target !== undefined) walk(target, [...way, name]);
    }
    done.add(name);
  };
  for (const { name } of all) walk(name, []);
  return cycles;
}
