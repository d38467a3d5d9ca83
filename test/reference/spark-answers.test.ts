/** What Apache Spark 3.5.9 fits and gives, from `KEEP=1 SPARK=3.5 npm run interop`: the same cases, with no Spark. */
import { expect, it } from 'vitest';
import { cases } from '../interop/cases.ts';
import { expectSame } from '../interop/expect-same.ts';
import { keptAnswers, shortened } from '../interop/kept-answers.ts';
import { answerOf } from '../interop/table-json.ts';

const answers = await keptAnswers();
const comparable = cases.filter(({ fitsDiffer }) => fitsDiffer === undefined);

it('has an answer for each case that both fit alike', () => {
  expect([...answers.keys()]).toEqual(comparable.map(({ name }) => name));
});

it.each(comparable)('$name', async (each) => {
  const { stage, fitting, scoring = fitting, fitTolerance = 1e-9, name } = each;
  const model = 'fit' in stage ? await stage.fit(fitting) : stage;
  const ours = shortened(answerOf(await model.transform(scoring)), each);
  expect(ours.count).toBe(answers.get(name)!.count);
  expectSame(ours, answers.get(name)!, fitTolerance);
});
