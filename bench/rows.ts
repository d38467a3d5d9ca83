import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { seededRandom } from 'millrace';

/** Three million flights: a development dependency holds them. */
const FLIGHTS = new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'));

interface Flight {
  readonly date: Date;
  readonly delay: number | bigint;
  readonly distance: number | bigint;
}

/** Real rows: minutes of delay, and hundreds of miles. */
export async function flightRows(count: number): Promise<number[][]> {
  const flights = (await parquetReadObjects({
    file: await asyncBufferFromFile(fileURLToPath(FLIGHTS)),
    columns: ['delay', 'distance'],
    compressors,
    rowStart: 0,
    rowEnd: count,
  })) as unknown as Flight[];
  return flights.map(({ delay, distance }) => [Number(delay) / 60, Number(distance) / 1000]);
}

/** Rows around a few centres, normally distributed, the same each time. */
export function normalRows(count: number, d: number): number[][] {
  const random = seededRandom(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const centers = Array.from({ length: 20 }, () => Array.from({ length: d }, () => 3 * normal()));
  return Array.from({ length: count }, (_, i) => centers[i % centers.length]!.map((x) => x + normal()));
}

export function inBatches<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: rows.length / size }, (_, i) => rows.slice(i * size, (i + 1) * size));
}
