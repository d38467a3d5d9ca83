import { OwnReceiver } from '../../sources/own-receiver.ts';
import { describeFlow } from '../describe-flow.ts';

const records = Array.from({ length: 23 }, (_, i) => (i % 6 === 5 ? '' : `Zeile ${i}: ä€😀 "quoted" \\ `));

describeFlow<string>('a receiver with a write-ahead log, whose sender sends only once', {
  records,
  program: (received, output) => received.map((record) => `${record.length} ${record}`).saveAsTextFiles(output),
  feed([first = []]) {
    const receiver = new OwnReceiver(async (self) => {
      if (self.numReceived === 0) await self.storeAll(records);
    });
    return {
      options: { receiver: { writeAheadLog: true } },
      received: async () => {
        while (receiver.numReceived < records.length) await new Promise(setImmediate);
      },
      stream: (context) => context.receiverStream(receiver, { maxRecordsPerBatch: first.length }),
    };
  },
  expected: (batches) => batches.map((batch) => batch.map((record) => `${record.length} ${record}`)),
  sameForEveryCut: ({ output }) => output.flat(),
});
