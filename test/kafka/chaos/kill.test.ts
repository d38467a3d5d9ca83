import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readCheckpoint, StreamingKMeans, seededRandom, systemClock, toFeatures } from '../../../src/index.ts';
import { grouped } from '../../../src/kafka/grouped.ts';
import { KafkaClient } from '../../../src/kafka/kafka-client.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { describeWithKafka } from '../broker/shared-kafka.ts';
import { readCommitted } from '../read-topic.ts';
import { runKilled } from './killed-program.ts';

/** Two hundred kills by `CHAOS=full`. */
const KILLS = process.env['CHAOS'] === 'full' ? 200 : 30;
const RECORDS_PER_RUN = 500;
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const INITIAL_CENTERS = [
  [10, 10],
  [80, 10],
  [10, 80],
];

/** A record of the output: the point, its score, and where it stood in which batch. */
interface Scored {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly cluster: number;
  readonly time: number;
  readonly at: number;
}

describeWithKafka('a program from topic to topic', ['4.3.1'], ({ bootstrapServers, newTopic }) => {
  it(
    `killed at random ${KILLS} times has scored each record once, with the model of a run never killed (seed ${SEED})`,
    async () => {
      const directory = await temporaryDirectory(onTestFinished);
      const [input, output] = [await newTopic({ partitions: 3 }), await newTopic({ partitions: 2 })];
      const client = new KafkaClient({ bootstrapServers }, systemClock);
      onTestFinished(() => client.close());
      const producer = await client.producer({});
      const random = seededRandom(SEED);
      const checkpoint = path.join(directory, 'checkpoint');
      const model = path.join(directory, 'model.json');
      const settings = { bootstrapServers, input, output, checkpoint, model, initialCenters: INITIAL_CENTERS };

      let sent = 0;
      let betweenPlanAndCommit = 0;
      for (let kills = 0; kills < KILLS; ) {
        const points = Array.from({ length: RECORDS_PER_RUN }, () => {
          return JSON.stringify({ id: sent++, x: random.next() * 100, y: random.next() * 100 });
        });
        await producer.produce(points.map((value) => ({ topic: input, value })));
        if ((await runKilled(settings, random)) === 'ended') continue;
        kills++;
        if ((await readCheckpoint(checkpoint).catch(() => undefined))?.pending !== undefined) betweenPlanAndCommit++;
      }
      await runKilled(settings, undefined);

      const scored = (await readCommitted(bootstrapServers, output)).map(
        ({ value }): Scored => JSON.parse(String(value)),
      );
      const ids = scored.map(({ id }) => id).sort((a, b) => a - b);
      expect(ids).toEqual(Array.from({ length: sent }, (_, id) => id));
      const { predictions, learned } = neverKilled(scored);
      expect(scored.map(({ id, cluster }) => [id, cluster])).toEqual(scored.map(({ id }) => [id, predictions.get(id)]));
      expect((await StreamingKMeans.load(model)).snapshot()).toEqual(learned);
      const { committed, pending } = await readCheckpoint(checkpoint);
      expect(pending).toBeUndefined();
      const { batches } = committed.totals;
      process.stdout.write(
        `Kafka to Kafka, seed ${SEED}: ${KILLS} kills, ${betweenPlanAndCommit} of them between plan and commit, ${batches} batches, ${sent} records\n`,
      );
      expect(betweenPlanAndCommit).toBeGreaterThan(0);
    },
    KILLS * 20_000,
  );
});

/** What the same batches give one after the other, without engine, checkpoint or Kafka. */
function neverKilled(scored: readonly Scored[]) {
  const batches = grouped(scored, ({ time }) => String(time));
  const learner = new StreamingKMeans({ k: 3, decayFactor: 0.99 }).setInitialCenters(INITIAL_CENTERS, [1, 1, 1]);
  const predictions = new Map<number, number>();
  for (const [, batch] of [...batches].sort(([a], [b]) => Number(a) - Number(b))) {
    const points = batch.toSorted((a, b) => a.at - b.at);
    const features = toFeatures(
      points.map(({ x, y }) => [x, y]),
      2,
    );
    const clusters = learner.predict(features);
    for (const [i, { id }] of points.entries()) predictions.set(id, clusters[i]!);
    learner.update({ features });
  }
  return { predictions, learned: learner.snapshot() };
}
