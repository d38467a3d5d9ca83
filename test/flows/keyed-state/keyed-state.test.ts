import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { describeFlow } from '../describe-flow.ts';

interface Account {
  readonly count: number;
  readonly sum: number;
}

type Payment = readonly [customer: string, cents: number];

/** An account into which this much was paid is closed by the next batch that pays nothing into it. */
const FULL = 2000;

function payments(count: number): Payment[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, () => [
    `customer-${Math.floor(6 * random.next())}`,
    Math.floor(900 * random.next()),
  ]);
}

/** Lists all open accounts after each batch, the oldest first: the customer, how often was paid, and how much. */
function accounts(paid: DStream<Payment>, output: string): void {
  paid
    .map((payment): Pair<string, number> => payment)
    .updateStateByKey((cents: readonly number[], { count, sum }: Account = { count: 0, sum: 0 }) => {
      const account = { count: count + cents.length, sum: cents.reduce((total, each) => total + each, sum) };
      return account.sum < FULL || cents.length > 0 ? account : undefined;
    })
    .map(([customer, { count, sum }]) => `${customer} ${count} ${sum}`)
    .saveAsTextFiles(output);
}

describeFlow<Payment>('state by key', {
  records: payments(40),
  program: accounts,
  expected(batches) {
    const open = new Map<string, Account>();
    return batches.map((batch) => {
      for (const [customer, cents] of batch) {
        const { count, sum } = open.get(customer) ?? { count: 0, sum: 0 };
        open.set(customer, { count: count + 1, sum: sum + cents });
      }
      const paid = new Set(batch.map(([customer]) => customer));
      for (const [customer, { sum }] of open) if (sum >= FULL && !paid.has(customer)) open.delete(customer);
      return Array.from(open, ([customer, { count, sum }]) => `${customer} ${count} ${sum}`);
    });
  },
  sameForEveryCut: { notApplicableBecause: 'it is batches that close an account' },
});
