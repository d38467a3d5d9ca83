import { describe } from 'vitest';
import type { Offset } from '../../src/batch/offset.ts';
import { silentLog } from '../../src/host/log.ts';
import { ReceiverSource } from '../../src/sources/receiver-source.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { sourceSuite } from '../../src/testing/source-suite.ts';
import { registerChecks } from '../contracts/register-checks.ts';
import { turns } from './line-server.ts';
import { OwnReceiver } from './own-receiver.ts';

const records = ['to be', 'or not', '', 'zu sein', 'être ou ne pas être', 'to be', 'или не быть'];

/** A receiver whose records are in the journal: nothing is committed, so all that was written down is there again. */
class JournalledSource extends ReceiverSource<string> {
  constructor() {
    const receiver = new OwnReceiver((self) => void self.storeAll(records.slice(self.numReceived)));
    super(receiver, { name: 'own', streamId: 'own' }, new ManualClock(), silentLog, { maxRecordsPerBatch: 3 });
  }

  override open(from: Offset | undefined): Promise<Offset> {
    const kept = from === undefined ? undefined : { start: 0, records };
    return super.open(from, { kept, append: async () => {} });
  }
}

describe('a receiver with a write-ahead log keeps the laws of a replayable source', () => {
  registerChecks(sourceSuite({ records, make: () => new JournalledSource(), received: () => turns(1) }));
});
