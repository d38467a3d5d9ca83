import * as fs from 'node:fs/promises';
import * as net from 'node:net';
import * as path from 'node:path';
import { afterAll } from 'vitest';
import type { Offset } from '../../src/batch/offset.ts';
import { Table } from '../../src/batch/table.ts';
import type { PlanRequest } from '../../src/contracts/source.ts';
import { silentLog } from '../../src/host/log.ts';
import { StoredRows } from '../../src/pipelines/serving/stored-rows.ts';
import { FileStreamSource, textLinesFormat } from '../../src/sources/file-stream-source.ts';
import { GeneratorSource } from '../../src/sources/generators/generator-source.ts';
import { QueueSource } from '../../src/sources/queue-source.ts';
import { RateSource } from '../../src/sources/rate-source.ts';
import { ReceiverSource } from '../../src/sources/receiver-source.ts';
import { SocketSource } from '../../src/sources/socket-source.ts';
import { TextFileSource, textLine } from '../../src/sources/text-file-source.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import type { SourceSubject } from '../../src/testing/source-suite.ts';
import { OwnReceiver } from '../sources/own-receiver.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const lines = ['to be', 'or not', '', 'zu sein', 'être ou ne pas être', 'to be', 'или не быть'];

export async function queueSubject(): Promise<SourceSubject> {
  return {
    records: lines,
    takenWholeBecause: 'a batch takes an entry of the queue whole',
    make: () => new QueueSource([lines.slice(0, 3), lines.slice(3, 4), lines.slice(4)]),
  };
}

export async function generatorSubject(): Promise<SourceSubject> {
  return {
    records: lines,
    make: () => new GeneratorSource(lines, { rows: lines.length, maxRecordsPerBatch: 2 }),
  };
}

export async function textFileSubject(): Promise<SourceSubject> {
  const file = path.join(await temporaryDirectory(afterAll), 'lines.txt');
  await fs.writeFile(file, ['header', ...lines].join('\n'));
  return { records: lines, make: () => new TextFileSource(file, textLine, { skipLines: 1, maxRecordsPerBatch: 3 }) };
}

/** Files of three batches: two in the first second, one in the second, one in the third. */
export async function fileStreamSubject(): Promise<SourceSubject> {
  const directory = await temporaryDirectory(afterAll);
  const write = async (name: string, modifiedSeconds: number, content: readonly string[]) => {
    const file = path.join(directory, name);
    await fs.writeFile(file, content.map((line) => `${line}\n`).join(''));
    await fs.utimes(file, modifiedSeconds, modifiedSeconds);
  };
  await write('b.txt', 0.5, lines.slice(0, 2));
  await write('a.txt', 0.7, lines.slice(2, 3));
  await write('d.txt', 2, lines.slice(3, 5));
  await write('c.txt', 2.5, lines.slice(5));
  return {
    records: lines,
    takenWholeBecause: 'a batch takes all files whose time has come, whole',
    make: () =>
      new FileStreamSource(directory, textLinesFormat, 1000, new ManualClock(), silentLog, { newFilesOnly: false }),
  };
}

/** Three rows of the first three seconds, as they are seen until then. */
export async function rateSubject(): Promise<SourceSubject> {
  const lastTime = 3000;
  class EndingRate extends RateSource {
    override plan(start: Offset, request: PlanRequest): Promise<Offset> {
      return super.plan(start, { ...request, batchTime: Math.min(request.batchTime, lastTime) });
    }
  }
  return {
    records: [0, 1, 2].map((value) => ({ timestamp: 1000 * value, value })),
    make: () => new EndingRate(new ManualClock()),
  };
}

/** A receiver that stores all lines when it starts. */
export async function receiverSubject(): Promise<SourceSubject> {
  const names = { name: 'own', streamId: 'own' };
  return {
    records: lines,
    make() {
      const receiver = new OwnReceiver((self) => void self.storeAll(lines));
      return new ReceiverSource(receiver, names, new ManualClock(), silentLog, { maxRecordsPerBatch: 3 });
    },
  };
}

/** A server that gives each client all lines and leaves; the source then says that it will connect again. */
export async function socketSubject(): Promise<SourceSubject> {
  const server = net.createServer((client) => {
    client.on('error', () => {}); // a client that leaves early
    client.end(lines.map((line) => `${line}\n`).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  const allReceived = new WeakMap<object, Promise<void>>();
  return {
    records: lines,
    make() {
      let receivedAll = () => {};
      const received = new Promise<void>((resolve) => {
        receivedAll = resolve;
      });
      const log = { info: () => {}, warn: receivedAll };
      const source = new SocketSource('127.0.0.1', port, new ManualClock(), log, { maxRecordsPerBatch: 3 });
      allReceived.set(source, received);
      return source;
    },
    received: (source) => allReceived.get(source)!,
  };
}

export async function storedRowsSubject(): Promise<SourceSubject> {
  const table = Table.fromRows([{ v: 0 }, { v: 1 }, { v: 2 }, { v: 3 }]);
  return { records: [0, 1, 2, 3], make: () => new StoredRows(table, { maxRecordsPerBatch: 3 }) };
}
