import { writeFile } from 'node:fs/promises';
import * as net from 'node:net';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LinePublisher, type LinePublisherOptions } from '../../src/cli/line-publisher.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function publish(lines: string | Iterable<string>, options: LinePublisherOptions = {}): Promise<LinePublisher> {
  const publisher = await LinePublisher.listen(lines, options);
  onTestFinished(() => publisher.close());
  return publisher;
}

/** All that a client gets until the publisher closes the connection. */
function received(port: number, greeting = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(greeting));
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
}

/** The text of a client that reads until `isEnough`, and then leaves. */
function receivedUntil(port: number, isEnough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
      if (isEnough(text)) socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
  });
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

describe('LinePublisher', () => {
  it('gives each client all lines from the first, and closes the connection at their end', async () => {
    const lines = numbers(20_000);
    const { port } = await publish(lines);
    const texts = await Promise.all([received(port), received(port)]);
    expect(texts).toEqual([textOf(lines), textOf(lines)]);
    expect(await received(port)).toBe(textOf(lines));
  });

  it('goes on after the lines that a resuming client says it has', async () => {
    const { port } = await publish(numbers(5), { resume: true });
    expect(await received(port, '3\n')).toBe('line 3\nline 4\n');
    expect(await received(port, '0\n')).toBe(textOf(numbers(5)));
    expect(await received(port, '5\n')).toBe('');
  });

  it('breaks off a resuming client that sends no number', async () => {
    const { port } = await publish(numbers(5), { resume: true });
    expect(await received(port, 'three\n')).toBe('');
    expect(await received(port, '-1\n')).toBe('');
  });

  it('begins again at the end with repeat', async () => {
    const { port } = await publish(['a', 'b'], { repeat: true });
    expect(await receivedUntil(port, (text) => text.length >= 10)).toMatch(/^(a\nb\n){2,}/);
  });

  it('ends with repeat where there are no lines', async () => {
    const { port } = await publish([], { repeat: true });
    expect(await received(port)).toBe('');
  });

  it('sends no more lines than the rate allows', async () => {
    const clock = new ManualClock();
    const { port } = await publish(numbers(20), { rowsPerSecond: 100, clock });
    const first = receivedUntil(port, (text) => text !== '');
    expect(await first).toBe('line 0\n');
    const later = received(port);
    // The clock stands still unless it is moved: without these moves the client would wait for ever.
    const moving = setInterval(() => clock.advance(50), 1);
    expect(await later).toBe(textOf(numbers(20)));
    clearInterval(moving);
    expect(clock.now()).toBeGreaterThanOrEqual(190);
  });

  it('does not run ahead of a client that does not read', async () => {
    let taken = 0;
    const { port } = await publish({
      *[Symbol.iterator]() {
        for (;;) {
          taken++;
          yield 'x'.repeat(1000);
        }
      },
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.pause();
    await new Promise((resolve) => socket.once('connect', resolve));
    // An endless stream would never let another client in if the publisher did not wait for the first.
    await receivedUntil(port, (text) => text.length > 1_000_000);
    expect(taken).toBeLessThan(100_000);
    socket.destroy();
  });

  it('stops listening with once when a client has had all lines', async () => {
    const publisher = await publish(['only'], { once: true });
    expect(await received(publisher.port)).toBe('only\n');
    await publisher.closed();
    await expect(received(publisher.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('leaves the header of a file out unless it is asked for', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'rows.csv');
    await writeFile(file, 'a,b\n1,x\r\n3,y');
    const bare = await publish(file);
    expect(await received(bare.port)).toBe('1,x\n3,y\n');
    const whole = await publish(file, { withHeader: true });
    expect(await received(whole.port)).toBe('a,b\n1,x\n3,y\n');
  });

  it.each(['1,2\n3,4\n', 'no numbers\nhere\n', 'one line\n', ''])(
    'sends all of a file without a header: %j',
    async (text) => {
      const file = path.join(await temporaryDirectory(onTestFinished), 'rows.csv');
      await writeFile(file, text);
      const { port } = await publish(file);
      expect(await received(port)).toBe(text);
    },
  );

  it('breaks its connections off when it is closed, once or twice', async () => {
    const publisher = await publish(['again'], { repeat: true });
    const text = received(publisher.port);
    await receivedUntil(publisher.port, (each) => each !== '');
    await publisher.close();
    await publisher.close();
    expect(await text).toMatch(/^again\n/);
  });

  it('refuses a taken port, a missing file and a rate of 0', async () => {
    const { port } = await publish(['a']);
    await expect(LinePublisher.listen(['a'], { port })).rejects.toThrow('the port is taken');
    await expect(LinePublisher.listen('no-such-file')).rejects.toThrow("publish: can't read no-such-file");
    await expect(LinePublisher.listen(['a'], { rowsPerSecond: 0 })).rejects.toThrow('expected a rate above 0');
    await expect(LinePublisher.listen(['a'], { port: 70_000 })).rejects.toThrow('expected a port from 0 to 65535');
  });
});
