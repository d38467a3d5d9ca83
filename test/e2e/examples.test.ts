/** The examples at the end of every `--help`, run as they stand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './millrace.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const DATASETS = fileURLToPath(new URL('../../datasets', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** The commands of a help text, in blocks that belong together. Those that need a broker are in `test/kafka/e2e.test.ts`. */
async function examplesOf(command: string): Promise<readonly string[][]> {
  const { stdout } = await run('.', command, '--help');
  const [, examples] = stdout.replaceAll('\\\n', ' ').split('Examples:\n');
  const blocks = examples!.split('\n\n').filter((block) => !block.includes('kafka://'));
  return blocks.map((block) => Array.from(block.matchAll(/^ {2}\$ millrace (.+)$/gm), ([, args]) => args!));
}

function start(directory: string, args: string): ChildProcess {
  return spawn('sh', ['-c', `exec "${process.execPath}" "${MAIN}" ${args}`], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Starts a publisher, on a port that is free instead of that of the example, and gives its address. */
function publish(directory: string, args: string): Promise<string> {
  const publisher = start(directory, args.replace(/--port \d+/, '--port 0'));
  const ended = new Promise((resolve) => publisher.once('close', resolve));
  onTestFinished(async () => {
    publisher.kill();
    await ended;
  });
  return new Promise((resolve, reject) => {
    publisher.stderr!.on('data', (bytes) => {
      const [, address] = /on (127\.0\.0\.1:\d+)/.exec(String(bytes)) ?? [];
      if (address === undefined) reject(new Error(String(bytes)));
      else resolve(address);
    });
  });
}

function runToEnd(directory: string, args: string): Promise<{ code: number | null; stderr: string }> {
  const child = start(directory, args);
  let stderr = '';
  child.stderr!.on('data', (bytes) => {
    stderr += bytes;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })));
}

describe.each(['train', 'fit', 'score', 'compare', 'publish', 'inspect', 'abtest-plan'])(
  'millrace %s --help',
  (command) => {
    it('gives examples that work', async () => {
      const blocks = await examplesOf(command);
      expect(blocks.flat().length).toBeGreaterThan(1);
      const directory = await temporaryDirectory(onTestFinished);
      await symlink(DATASETS, path.join(directory, 'datasets'));
      await symlink(EXAMPLES, path.join(directory, 'examples'));
      for (const block of blocks) {
        let address = '';
        for (const args of block) {
          if (args.startsWith('publish')) address = await publish(directory, args);
          else {
            const { code, stderr } = await runToEnd(directory, args.replace('127.0.0.1:9999', address));
            expect(code, `${args}: ${stderr}`).toBe(0);
          }
        }
      }
    });
  },
);
