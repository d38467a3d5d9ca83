/** The tables that fitted models are compared on. */
import { readFileSync } from 'node:fs';
import { Table } from '../../src/batch/table.ts';

function lines(file: string): string[][] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

/** Fisher's iris: four features, three classes, and whether it is the third. */
export function irisTable(): Table {
  return Table.fromRows(
    lines('iris.csv').map((cells) => {
      const [a, b, c, d, label] = cells.map(Number) as [number, number, number, number, number];
      return { features: [a, b, c, d], label, virginica: label === 2 ? 1 : 0 };
    }),
  );
}

/** Weight of chicks by time and by diets 2, 3 and 4. */
export function chickTable(): Table {
  return Table.fromRows(
    lines('../../datasets/chick-weights/chick-weights.csv').map((cells) => {
      const [weight, time, , diet] = cells.map(Number) as [number, number, number, number];
      return { features: [time, ...[2, 3, 4].map((each) => (diet === each ? 1 : 0))], label: weight };
    }),
  );
}

/** The first 20,000 flights: distance and hour, the delay, and whether that is above 15 minutes. */
export function flightTable(): Table {
  return Table.fromRows(
    lines('../../datasets/flights/flights-50k.csv')
      .slice(0, 20_000)
      .map(([date, delay, distance]) => ({
        features: [Number(distance), Number(date!.slice(11, 13))],
        delay: Number(delay),
        late: Number(delay) > 15 ? 1 : 0,
      })),
  );
}
