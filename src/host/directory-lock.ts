import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { StateError } from '../errors.ts';
import { isSystemError } from './files.ts';

/**
 * Takes a directory for one owner on this machine, and returns how to give it back. Throws `StateError` (`in-use`) where another owner, in this
 * process or another, holds it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const release = await lockIfFree(await fs.realpath(directory));
  if (release !== undefined) return release;
  throw new StateError('in-use', `${directory}: in use by another process or context; stop that one first`);
}

/**
 * Takes a path, of which something may or may not be there, for one owner on this machine, and returns how to give it back; undefined where another
 * owner holds it. The lock is a name that only one socket can listen on, so it ends with the process, however that ends: nothing stale is left, and
 * no process id can be mistaken.
 */
export async function lockIfFree(realPath: string): Promise<(() => Promise<void>) | undefined> {
  const name = addressOf(realPath);
  let server = await listen(name);
  if (server === undefined && (await isLeftBehind(name))) {
    await fs.rm(name, { force: true });
    server = await listen(name);
  }
  const held = server;
  return held && (() => new Promise((resolve) => void held.close(() => resolve())));
}

/** Where the lock of a path is: a name without a file on Linux and Windows, a socket file elsewhere. */
function addressOf(realPath: string): string {
  const name = `millrace-${createHash('sha256').update(realPath).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
}

/** A server that listens there and keeps no process alive; undefined where the name is taken. */
function listen(name: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((connection) => connection.destroy());
    server.once('error', (error) => (isSystemError(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    server.listen({ path: name, exclusive: true }, () => resolve(server.unref()));
  });
}

/** Whether a socket file is there but nobody listens on it. */
function isLeftBehind(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(name);
    connection.once('connect', () => {
      connection.destroy();
      resolve(false);
    });
    connection.once('error', (error) => resolve(isSystemError(error, 'ECONNREFUSED') && path.isAbsolute(name)));
  });
}
