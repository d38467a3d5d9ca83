import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { StreamingKMeans, seededRandom, systemClock, toFeatures } from '../../../src/index.ts';
import { KafkaClient } from '../../../src/kafka/kafka-client.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { describeWithKafka } from '../broker/shared-kafka.ts';
import { readCommitted } from '../read-topic.ts';
import { type RunningProgram, startProgram } from './killed-program.ts';

/** A hundred kills by `CHAOS=full`. */
const KILLS = process.env['CHAOS'] === 'full' ? 100 : 12;
const KILLS_PER_SET = 3;
const [PARTITIONS, MOST_SHARES] = [8, 4];
const RECORDS_AT_A_TIME = 300;
const LIFE_MS = 1500;
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describeWithKafka('a job in several processes', ['4.3.1'], ({ bootstrapServers, newTopic }) => {
  it(
    `killed at random ${KILLS} times while it grows and shrinks has scored each record once (seed ${SEED})`,
    async () => {
      const directory = await temporaryDirectory(onTestFinished);
      const [input, output] = [await newTopic({ partitions: PARTITIONS }), await newTopic({ partitions: 2 })];
      const client = new KafkaClient({ bootstrapServers }, systemClock);
      onTestFinished(() => client.close());
      const producer = await client.producer({});
      const random = seededRandom(SEED);
      const points: [number, number][] = [];
      const send = async () => {
        const ids = Array.from({ length: RECORDS_AT_A_TIME }, () => {
          return points.push([random.next() * 100, random.next() * 100]) - 1;
        });
        const values = ids.map((id) => JSON.stringify({ id, x: points[id]![0], y: points[id]![1] }));
        await producer.produce(values.map((value) => ({ topic: input, value })));
      };
      const model = path.join(directory, 'model.json');
      const learner = new StreamingKMeans({ k: 3 }).setRandomCenters(2, 50, SEED);
      await learner.save(model);

      let sets = 0;
      const all: RunningProgram[] = [];
      onTestFinished(() => all.forEach(({ kill }) => void kill()));
      const startSet = (count: number, toTheEnd = false) => {
        const set = sets++;
        return Array.from({ length: count }, (_, i) => {
          const checkpoint = path.join(directory, `set-${set}-share-${i}`);
          const start = () => {
            const settings = { bootstrapServers, job: input, share: i + 1, count, input, output, model, toTheEnd };
            const program = startProgram('share.mjs', { ...settings, checkpoint });
            program.ended.catch(() => {}); // asked for below
            all.push(program);
            return program;
          };
          return { start, running: start() };
        });
      };
      const below = (n: number) => Math.floor(random.next() * n);
      const otherThan = (count: number) => ((count + below(MOST_SHARES - 1)) % MOST_SHARES) + 1;

      let [kills, replaced] = [0, 0];
      let set: ReturnType<typeof startSet> = [];
      while (kills < KILLS) {
        const old = set;
        set = startSet(otherThan(old.length || MOST_SHARES));
        for (let i = 0; i < KILLS_PER_SET; i++) {
          await send();
          await after(random.next() * LIFE_MS);
          const victim = set[below(set.length)]!;
          victim.running.kill();
          if ((await victim.running.ended) === 'killed') kills++;
          victim.running = victim.start();
        }
        await Promise.all(set.map(({ running }) => running.started)); // from now on nothing of the old set can be written
        for (const { running } of old) {
          running.kill();
          await running.ended.catch(({ message }) => {
            expect(message).toContain('StateError in-use');
            replaced++;
          });
        }
      }
      await send();
      const last = startSet(otherThan(set.length), true);
      await Promise.all(last.map(({ running }) => running.ended));

      const scored = (await readCommitted(bootstrapServers, output)).map(({ value }) => JSON.parse(String(value)));
      const clusters = learner.predict(toFeatures(points, 2));
      const expected = Array.from(clusters, (cluster, id) => ({ id, cluster }));
      expect(scored.toSorted((a, b) => a.id - b.id)).toEqual(expected);
      process.stdout.write(
        `shares, seed ${SEED}: ${kills} kills, ${sets} sets, ${replaced} shut out, ${points.length} records\n`,
      );
    },
    KILLS * 20_000,
  );
});
