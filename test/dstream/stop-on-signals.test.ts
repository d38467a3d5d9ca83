import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const PROGRAM = fileURLToPath(new URL('stops-on-signals.mjs', import.meta.url));

/** The program in a process of its own, and what it has written so far. */
function start(checkpoint: string) {
  const child = spawn(process.execPath, [PROGRAM, checkpoint], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let written = '';
  let heard = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes) => {
      written += bytes;
      heard();
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null; written: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, written }));
  });
  const wrote = (text: string) =>
    new Promise<void>((resolve, reject) => {
      heard = () => written.includes(text) && resolve();
      heard();
      ended.then(() => reject(new Error(`it ended without '${text}': ${written}`)));
    });
  return { child, ended, wrote };
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('finishes the batch that is running, and what is there by then, commits and closes', async () => {
    const checkpoint = await temporaryDirectory(onTestFinished);
    const { child, ended, wrote } = start(checkpoint);
    await wrote('batch 2\n');
    child.kill(signal);
    await wrote(`${signal}: stopping`);
    child.stdin.write('go on\n');
    const { code, written } = await ended;
    expect(code, written).toBe(0);
    expect(written.match(/^[a-z].*|^[A-Z]+$/gm)).toEqual([
      'batch 1',
      'batch 2',
      `millrace: ${signal}: stopping after the batch that is running; a second signal stops at once`,
      'batch 3',
      'STOPPED',
    ]);
    expect(await readCheckpoint(checkpoint)).toMatchObject({ committed: { batch: 2 }, pending: undefined });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'and then %s stops at once, and leaves what a kill leaves',
    async (second) => {
      const checkpoint = await temporaryDirectory(onTestFinished);
      const first = start(checkpoint);
      await first.wrote('batch 2\n');
      first.child.kill(signal);
      await first.wrote(`${signal}: stopping`);
      first.child.kill(second);
      expect(await first.ended).toMatchObject({ code: null, signal: second });
      expect(await readCheckpoint(checkpoint)).toMatchObject({ committed: { batch: 0 }, pending: { batch: 1 } });

      const again = start(checkpoint);
      await again.wrote('batch 2\n');
      again.child.stdin.write('go on\n');
      await again.wrote('batch 5\n');
      again.child.kill(signal);
      expect(await again.ended).toMatchObject({ code: 0, written: expect.stringContaining('batch 2\nbatch 3\n') });
    },
  );
});
