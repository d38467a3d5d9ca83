// Makes events.csv: an experiment of which everything is known. `node examples/checkout-experiment/make.mjs`
//
// 4,000 users, half of them shown a new checkout page. A user visits one to six times and buys in a third of the visits; what
// a user spends a purchase is lognormal around a level of their own, which last month's spending (`spent_before`) follows. On
// the new page users buy in two fifths of the visits: one fifth more.
import { writeFileSync } from 'node:fs';

/** Mulberry32. */
function seeded(a) {
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = seeded(2026);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const cents = (value) => value.toFixed(2);

const events = [];
for (let user = 0; user < 4000; user++) {
  const arm = random() < 0.5 ? 'old' : 'new';
  const level = Math.exp(3 + 0.6 * normal());
  const before = cents(2 * level * Math.exp(0.2 * normal()));
  const visits = 1 + Math.floor(6 * random());
  for (let visit = 0; visit < visits; visit++) {
    const buys = random() < (arm === 'new' ? 0.4 : 1 / 3);
    const spent = buys ? level * Math.exp(0.3 * normal()) : 0;
    events.push({ at: random(), line: `u${user},${arm},${cents(spent)},${before}` });
  }
}
events.sort((a, b) => a.at - b.at);
const lines = ['user,arm,spent,spent_before', ...events.map(({ line }) => line)];
writeFileSync(new URL('events.csv', import.meta.url), `${lines.join('\n')}\n`);
