// A new process that goes on where another stopped: node go-on.mjs SAVED RESULT, with batches of labeled points on standard input.
import { text } from 'node:stream/consumers';
import { assembleLabeled, loadLearner } from 'millrace';

const [saved, result] = process.argv.slice(2);
const learner = await loadLearner(saved);
for (const batch of JSON.parse(await text(process.stdin))) {
  learner.update(
    assembleLabeled(batch, learner.width, (_, error) => {
      throw error;
    }),
  );
}
await learner.save(result);
