/** Each notebook run from its beginning to its end, without a browser, in the kernel that the repository names. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';

const NOTEBOOKS = fileURLToPath(new URL('../../notebooks', import.meta.url));
const INSTALLING_MS = 300_000;
const RUNNING_MS = 180_000;

const execute = promisify(execFile);

interface Output {
  readonly output_type: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly outputs?: readonly Output[] }[];
}

let directory: string;
/** The program `jupyter`; undefined where there is none, and none can be installed. */
let jupyter: string | undefined;

beforeAll(async () => {
  directory = await temporaryDirectory(afterAll);
  jupyter = await foundJupyter();
}, INSTALLING_MS);

/** The one that is installed; else one of our own, which must work where `CI` is set. */
async function foundJupyter(): Promise<string | undefined> {
  if (await works('jupyter')) return 'jupyter';
  const environment = path.join(directory, 'environment');
  const own = path.join(environment, 'bin', 'jupyter');
  try {
    await execute('python3', ['-m', 'venv', environment]);
    await execute(path.join(environment, 'bin', 'pip'), [
      'install',
      '--quiet',
      'jupyter-core',
      'nbconvert',
      'nbclient',
    ]);
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return undefined;
  }
  return own;
}

async function works(program: string): Promise<boolean> {
  return execute(program, ['nbconvert', '--version']).then(
    () => true,
    () => false,
  );
}

/** Runs a notebook, and gives what it shows: text and pictures. */
async function shown(name: string): Promise<readonly Output[]> {
  const args = ['nbconvert', '--to', 'notebook', '--execute', '--output-dir', directory, path.join(NOTEBOOKS, name)];
  const env = { ...process.env, JUPYTER_PATH: NOTEBOOKS, HOME: directory };
  await execute(jupyter!, args, { env, timeout: RUNNING_MS });
  const { cells } = JSON.parse(await readFile(path.join(directory, name), 'utf8')) as Notebook;
  return cells.flatMap(({ outputs = [] }) => outputs);
}

const textOf = (part: string | readonly string[] | undefined) =>
  typeof part === 'string' ? part : (part ?? []).join('');

describe('the notebooks', () => {
  it('are kept without outputs', async () => {
    const names = (await readdir(NOTEBOOKS)).filter((name) => name.endsWith('.ipynb'));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { cells } = JSON.parse(await readFile(path.join(NOTEBOOKS, name), 'utf8')) as Notebook;
      expect(cells.flatMap(({ outputs = [] }) => outputs)).toEqual([]);
    }
  });

  it(
    '06-retention-coefficient draws four decay factors while they train, and shows that less memory adapts sooner and trembles more',
    async (context) => {
      if (jupyter === undefined) return context.skip('no jupyter is installed, and none could be');
      const outputs = await shown('06-retention-coefficient.ipynb');
      expect(outputs.filter(({ output_type: type }) => type === 'error')).toEqual([]);
      const [pictures] = outputs.flatMap(({ data }) =>
        data?.['text/html'] === undefined ? [] : [textOf(data['text/html'])],
      );
      expect(pictures!.match(/<svg /g)).toHaveLength(2);
      const lines = [...pictures!.matchAll(/<path [^>]*d="([^"]*)"/g)].map(([, d]) => d!.split('L').length);
      expect(lines.filter((points) => points > 2)).toEqual(Array(8).fill(150));
      expect(pictures!.match(/>150</g)).toHaveLength(2);
      for (const name of ['α = 0', 'α = 0.5', 'α = 0.9', 'α = 1']) expect(pictures).toContain(`>${name}<`);
      expect(outputs.map(({ text }) => textOf(text)).join('')).toContain(
        'drawn 15 times while 150 batches were learned',
      );
      const rows = outputs.flatMap(({ data }) => textOf(data?.['text/markdown']).split('\n'));
      const figures = new Map(
        rows.flatMap((row) => {
          const [, name, ...cells] = row.split('|').map((cell) => cell.trim());
          return name?.startsWith('α') ? [[name, cells] as const] : [];
        }),
      );
      expect(figures.size).toBe(4);
      const of = (name: string) => {
        const [cost, adaptations, oscillation] = figures.get(name)!;
        const [first, second] = adaptations!.split(', ').map(Number);
        return { cost: Number(cost), adaptation: first! + second!, oscillation: Number(oscillation) };
      };
      const [none, half, most, all] = ['α = 0', 'α = 0.5', 'α = 0.9', 'α = 1'].map(of);
      expect(none!.adaptation).toBe(0);
      expect(half!.adaptation).toBeLessThan(most!.adaptation);
      expect(most!.adaptation).toBeLessThanOrEqual(all!.adaptation);
      expect(half!.cost).toBeLessThan(all!.cost);
      expect(none!.oscillation).toBeGreaterThan(half!.oscillation);
      expect(half!.oscillation).toBeGreaterThan(most!.oscillation);
      expect(most!.oscillation).toBeGreaterThan(all!.oscillation);
    },
    RUNNING_MS,
  );
});
