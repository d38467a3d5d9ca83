import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** A small file system in memory, mounted at a directory. */
export class Tmpfs {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes the directory where there is none. `whenOver` gets what takes the file system away again. */
  static mount(directory: string, sizeKiB: number, whenOver: (unmount: () => void) => void): Tmpfs {
    fs.mkdirSync(directory, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'millrace-test', directory);
    whenOver(() => run('umount', '--lazy', directory));
    return new Tmpfs(directory);
  }

  /** `size=4096k`, `ro`, `rw` … What is in it stays. */
  remount(options: string): void {
    run('mount', '-o', `remount,${options}`, this.directory);
  }
}

/** Why nothing can be mounted here; undefined where it can. */
export function whyNoMount(): string | undefined {
  if (process.platform !== 'linux') return `mounting a tmpfs takes Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'mounting a tmpfs takes root';
  const directory = fs.mkdtempSync(path.join(tmpdir(), 'millrace-mount-'));
  try {
    Tmpfs.mount(directory, 64, (unmount) => unmount());
    return undefined;
  } catch {
    return 'root may not mount here, as in most containers';
  } finally {
    fs.rmdirSync(directory);
  }
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
