// A new process that goes on where another stopped: node go-on.mjs SAVED RESULT [CLASS of millrace/pipelines], with batches of labeled points on standard input.
import { text } from 'node:stream/consumers';
import { assembleLabeled, loadLearner } from 'millrace';

const [saved, result, className] = process.argv.slice(2);
const learner = className
  ? await (await import('millrace/pipelines'))[className].load(saved)
  : await loadLearner(saved);
for (const batch of JSON.parse(await text(process.stdin))) {
  learner.update(
    assembleLabeled(batch, learner.width, (_, error) => {
      throw error;
    }),
  );
}
await learner.save(result);
