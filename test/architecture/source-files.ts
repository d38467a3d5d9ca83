import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** One `import` or `export … from` of a file. */
export interface Import {
  readonly specifier: string;
  /** `import type` and `export type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** Below src, with forward slashes. */
  readonly name: string;
  /** Its lines; those that are comments are empty. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** Every TypeScript file below src. */
export function sourceFiles(): SourceFile[] {
  const names = fs.readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names
    .sort()
    .map((name) => sourceFile(name.replaceAll(path.sep, '/'), fs.readFileSync(path.join(SRC, name), 'utf8')));
}

/** A file from its text. */
export function sourceFile(name: string, text: string): SourceFile {
  const code = text
    .split('\n')
    .map((line) => (/^\s*(\/\/|\/\*|\*)/.test(line) ? '' : line))
    .join('\n');
  return { name, code, imports: importsOf(code) };
}

function importsOf(code: string): Import[] {
  const statements = code.matchAll(/^(?:import|export)\s+(?:(type\s)?[^'";]*?\sfrom\s+)?'([^']+)';/gm);
  const calls = code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  return [
    ...Array.from(statements, ([, type, specifier]) => ({ specifier: specifier!, typeOnly: type !== undefined })),
    ...Array.from(calls, ([, specifier]) => ({ specifier: specifier!, typeOnly: false })),
  ];
}

/** The file below src that a relative import means; undefined for a package. */
export function targetOf(file: SourceFile, { specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file.name), specifier) : undefined;
}
