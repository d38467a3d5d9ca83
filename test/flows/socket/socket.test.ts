import * as net from 'node:net';
import { beforeAll } from 'vitest';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { silentLog } from '../../../src/host/log.ts';
import { describeFlow } from '../describe-flow.ts';

const lines = Array.from({ length: 23 }, (_, i) => (i % 6 === 5 ? '' : `Zeile ${i}: ä€😀 "quoted" \\ `));

/** A sender that goes on after the lines that its client says it has, and then leaves. */
const sender = net.createServer((client) => {
  client.once('data', (greeting) => {
    const rest = lines.slice(Number.parseInt(greeting.toString(), 10));
    client.end(rest.map((line) => `${line}\n`).join(''));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => sender.listen(0, '127.0.0.1', resolve));
  return () => void sender.close();
});

function lengths(received: DStream<string>, output: string): void {
  received.map((line) => `${line.length} ${line}`).saveAsTextFiles(output);
}

describeFlow<string>('a socket, whose records ride in the plan', {
  records: lines,
  program: lengths,
  feed([first = []]) {
    let receivedAll = () => {};
    const received = new Promise<void>((resolve) => {
      receivedAll = resolve;
    });
    return {
      // The sender has left, so all that it sent is here, when the source says that it will connect again.
      options: { log: { ...silentLog, warn: () => receivedAll() } },
      received: () => received,
      stream: (context) =>
        context.socketTextStream('127.0.0.1', (sender.address() as net.AddressInfo).port, {
          resume: true,
          maxRecordsPerBatch: first.length,
          reconnectDelay: '1 day',
        }),
    };
  },
  expected: (batches) => batches.map((batch) => batch.map((line) => `${line.length} ${line}`)),
  sameForEveryCut: ({ output }) => output.flat(),
});
