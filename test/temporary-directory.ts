import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/**
 * A new empty directory that goes when the test is over, or the whole `describe`: `temporaryDirectory(onTestFinished)`,
 * `temporaryDirectory(afterAll)`.
 */
export async function temporaryDirectory(whenOver: (remove: () => Promise<void>) => void): Promise<string> {
  const directory = await fs.mkdtemp(path.join(tmpdir(), 'millrace-test-'));
  whenOver(() => fs.rm(directory, { recursive: true, force: true }));
  return directory;
}
