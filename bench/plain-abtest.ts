/** `millrace abtest` on stored events, as one would write it without streaming: one look, at the end. `node plain-abtest.js FILE` */
import { readFileSync } from 'node:fs';

const arms = new Map<string, string>();
const sums = new Map<string, number>();
for (const line of readFileSync(process.argv[2]!, 'utf8').split('\n').slice(1)) {
  if (line === '') continue;
  const [user, arm, value] = line.split(',');
  arms.set(user!, arm!);
  sums.set(user!, (sums.get(user!) ?? 0) + Number(value));
}
const totals: Record<string, { n: number; sum: number; squares: number }> = {};
for (const [user, sum] of sums) {
  totals[arms.get(user)!] ??= { n: 0, sum: 0, squares: 0 };
  const total = totals[arms.get(user)!]!;
  total.n++;
  total.sum += sum;
  total.squares += sum * sum;
}
process.stdout.write(`${JSON.stringify(totals)}\n`);
