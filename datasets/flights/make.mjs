// Makes flights-50k.csv: 50,000 flights in a row, three days of January 2001, of the 3,000,000 in the npm package
// vega-datasets, in their order of time.
// Run by hand: node datasets/flights/make.mjs
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const firstDay = Date.UTC(2001, 0, 8); // a Monday
const count = 50_000;
const columns = ['date', 'delay', 'distance', 'origin', 'destination'];
const from = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
const to = fileURLToPath(new URL('flights-50k.csv', import.meta.url));

const rows = await parquetReadObjects({ file: await asyncBufferFromFile(from), columns, compressors });
const lines = rows
  .filter((row) => row.date.getTime() >= firstDay)
  .slice(0, count)
  // The file holds local times as if they were UTC; the zone is left out here because there is none.
  .map((row) => [row.date.toISOString().slice(0, 16), row.delay, row.distance, row.origin, row.destination].join(','));
const text = `${[columns.join(','), ...lines].join('\n')}\n`;

await writeFile(to, text);
process.stdout.write(`${lines.length} rows, SHA-256 ${createHash('sha256').update(text).digest('hex')}\n`);
