import type { TestProject } from 'vitest/node';
import { KAFKA_VERSIONS, type KafkaCluster, startKafka } from './start-kafka.ts';

/** The brokers that the tests of a run share, by version; or why there are none. */
export type SharedKafka =
  | { readonly brokers: Readonly<Record<string, { readonly bootstrapServers: string[]; readonly libs: string }>> }
  | { readonly unavailable: string };

declare module 'vitest' {
  export interface ProvidedContext {
    kafka: SharedKafka;
  }
}

/** Starts one broker of each version for all tests of the run. Without Java or the jars it says so; in CI that is an error. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clusters: KafkaCluster[] = [];
  const stop = async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  };
  try {
    const started = await Promise.all(
      KAFKA_VERSIONS.map(async (version) => {
        const cluster = await startKafka({ version });
        clusters.push(cluster);
        return [version, { bootstrapServers: cluster.bootstrapServers, libs: cluster.libs }] as const;
      }),
    );
    project.provide('kafka', { brokers: Object.fromEntries(started) });
  } catch (error) {
    await stop();
    const unavailable = `Kafka tests are left out: ${(error as Error).message}`;
    if (process.env.CI === 'true') throw new Error(unavailable, { cause: error });
    process.stderr.write(`${unavailable}\n`);
    project.provide('kafka', { unavailable });
  }
  return stop;
}
