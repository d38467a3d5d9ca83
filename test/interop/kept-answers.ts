/** What Spark said of the cases, for tests where there is no Spark. */
import * as fs from 'node:fs/promises';
import { cases } from './cases.ts';
import type { InteropCase } from './interop-case.ts';
import type { Answer } from './table-json.ts';

const FILE = new URL('../reference/spark-answers.jsonl', import.meta.url);
const MOST_ROWS = 12;

/** What Spark's own model adds to the first rows that it scores. */
export interface KeptAnswer extends Answer {
  /** How many rows it gives in all. */
  readonly count: number;
}

/** Of an answer, the columns that the stage has added, and the first rows. */
export function shortened({ columns, rows }: Answer, { fitting, scoring = fitting }: InteropCase): KeptAnswer {
  const added = columns.flatMap((name, j) => (scoring.schema.has(name) ? [] : [j]));
  const kept = rows.slice(0, MOST_ROWS).map((row) => added.map((j) => row[j]!));
  return { columns: added.map((j) => columns[j]!), rows: kept, count: rows.length };
}

/** Writes the answers of those of these cases that Spark and we fit alike, in the place of older ones. */
export async function keepAnswers(
  chosen: readonly InteropCase[],
  answerOf: (each: InteropCase) => Promise<Answer>,
): Promise<void> {
  const answers = await keptAnswers().catch(() => new Map<string, KeptAnswer>());
  for (const each of chosen) {
    if (each.fitsDiffer === undefined) answers.set(each.name, shortened(await answerOf(each), each));
  }
  const lines = cases.flatMap(({ name }) => {
    const answer = answers.get(name);
    return answer === undefined ? [] : [`${JSON.stringify({ name, ...answer })}\n`];
  });
  await fs.writeFile(FILE, lines.join(''));
}

/** By the names of the cases. */
export async function keptAnswers(): Promise<Map<string, KeptAnswer>> {
  const lines = (await fs.readFile(FILE, 'utf8')).trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const { name, ...answer } = JSON.parse(line);
      return [name, answer];
    }),
  );
}
