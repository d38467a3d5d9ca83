import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs';

const run = promisify(execFile);

/** The newest 3.x and the newest 4.x that Maven Central serves whole. */
export const KAFKA_VERSIONS = ['3.9.2', '4.3.1'] as const;
export type KafkaVersion = (typeof KAFKA_VERSIONS)[number];

const READY_WITHIN_MS = 180_000;
/** kafkajs has states in which it never answers. */
const ATTEMPT_WITHIN_MS = 15_000;

export interface KafkaOptions {
  /** Default: the newest. */
  readonly version?: KafkaVersion;
  /** Brokers, each a controller too. Default 1. */
  readonly nodes?: number;
  /** Broker settings beside, or in place of, those of `propertiesOf`. */
  readonly config?: Readonly<Record<string, string | number>>;
  /** The port of 127.0.0.1 that clients are told, given the one that a broker listens on. Default: that one. */
  readonly relayedBy?: (port: number) => number;
  /** Settings of a client of kafkajs that these brokers let in. Default: any. */
  readonly client?: Pick<KafkaConfig, 'ssl' | 'sasl'>;
  /** Arguments for the tool that formats a broker's directory, such as users. Default: none. */
  readonly formatArguments?: readonly string[];
}

/** The directory with the jars of a broker, from the cache or from Maven Central. Rejects with a line that says what is lacking. */
async function brokerJars(version: KafkaVersion): Promise<string> {
  await run('java', ['-version']).catch(() => {
    throw new Error("no 'java' on the PATH");
  });
  const script = fileURLToPath(new URL('./fetch-broker.sh', import.meta.url));
  const { stdout } = await run(script, [version]).catch((error: { stderr?: string; message: string }) => {
    throw new Error((error.stderr || error.message).trim().split('\n')[0]);
  });
  return stdout.trim();
}

/** A real Apache Kafka of one or more brokers on this machine, usable when this resolves. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const { version = '4.3.1', nodes = 1, relayedBy = (port) => port, client = {}, formatArguments = [] } = options;
  const libs = await brokerJars(version);
  const directory = fs.mkdtempSync(path.join(tmpdir(), 'millrace-kafka-'));
  const ports = await freePorts(2 * nodes);
  const endpoints = Array.from({ length: nodes }, (_, i) => ({
    id: i + 1,
    port: ports[2 * i]!,
    advertisedPort: relayedBy(ports[2 * i]!),
    controllerPort: ports[2 * i + 1]!,
  }));
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const brokers = endpoints.map((endpoint) => {
    const properties = propertiesOf(endpoint, endpoints, path.join(directory, `node-${endpoint.id}`), options.config);
    const file = path.join(directory, `node-${endpoint.id}.properties`);
    fs.writeFileSync(
      file,
      Object.entries(properties)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    return new KafkaBroker(endpoint.id, endpoint.port, libs, file);
  });
  await Promise.all(brokers.map((broker) => broker.format(clusterId, formatArguments)));
  const cluster = new KafkaCluster(libs, directory, brokers, client);
  for (const broker of brokers) broker.start();
  try {
    await cluster.ready();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** Brokers that belong together. */
export class KafkaCluster {
  /** The directory of the jars: a class path for Java programs that talk to the brokers. */
  readonly libs: string;
  readonly brokers: readonly KafkaBroker[];
  readonly #directory: string;
  readonly #client: KafkaOptions['client'];

  constructor(libs: string, directory: string, brokers: readonly KafkaBroker[], client: KafkaOptions['client']) {
    this.#client = client;
    this.libs = libs;
    this.#directory = directory;
    this.brokers = brokers;
  }

  /** As `host:port`. */
  get bootstrapServers(): string[] {
    return this.brokers.map(({ address }) => address);
  }

  /** Waits until topics can be made on all brokers: an open port says little. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    const kafka = new Kafka({ ...this.#config, retry: { retries: 0 } });
    for (let attempt = 1; ; attempt++) {
      const admin = kafka.admin();
      const topic = `ready-${attempt}-${randomBytes(4).toString('hex')}`;
      try {
        await Promise.race([this.#canMake(topic, admin), tooLate(ATTEMPT_WITHIN_MS)]);
        return;
      } catch (error) {
        const dead = this.brokers.find(({ exited }) => exited);
        if (dead !== undefined) throw new Error(`broker ${dead.id} exited:\n${dead.output.slice(-2000)}`);
        if (Date.now() > deadline) throw error;
        await delay(100);
      } finally {
        admin.disconnect().catch(() => {});
      }
    }
  }

  async #canMake(topic: string, admin: Admin): Promise<void> {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, replicationFactor: this.brokers.length }], waitForLeaders: true });
    await admin.deleteTopics({ topics: [topic] });
  }

  /** Makes a topic with a replica on every broker, and gives its name. */
  async newTopic(numPartitions: number): Promise<string> {
    const topic = `topic-${randomBytes(6).toString('hex')}`;
    const admin = new Kafka(this.#config).admin();
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic, numPartitions, replicationFactor: this.brokers.length }],
      waitForLeaders: false, // kafkajs gives up where a broker doesn't know the topic yet
    });
    const leads = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0]!.partitions.every(({ leader }) => leader >= 0);
    };
    while (!(await leads().catch(() => false))) await delay(100);
    await admin.disconnect();
    return topic;
  }

  get #config(): KafkaConfig {
    return { brokers: this.bootstrapServers, logLevel: logLevel.NOTHING, ...this.#client };
  }

  async stop(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    fs.rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** One broker process, which can be killed and started again on the same data. */
export class KafkaBroker {
  readonly id: number;
  readonly address: string;
  /** What it has written so far to standard output and standard error. */
  output = '';
  readonly #libs: string;
  readonly #properties: string;
  #process: ChildProcess | undefined;

  constructor(id: number, port: number, libs: string, properties: string) {
    this.id = id;
    this.address = `127.0.0.1:${port}`;
    this.#libs = libs;
    this.#properties = properties;
  }

  async format(clusterId: string, more: readonly string[]): Promise<void> {
    const args = ['format', '-t', clusterId, '-c', this.#properties, ...more];
    await run('java', ['-Xmx128m', ...this.#java(), 'kafka.tools.StorageTool', ...args]);
  }

  start(): void {
    const child = spawn('java', ['-Xmx512m', ...this.#java(), 'kafka.Kafka', this.#properties], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (text: Buffer) => {
      this.output = (this.output + text.toString()).slice(-100_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const stopWithUs = () => child.kill('SIGKILL');
    process.once('exit', stopWithUs);
    child.once('exit', () => process.off('exit', stopWithUs));
    this.#process = child;
  }

  get exited(): boolean {
    return this.#process === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** SIGSTOP and SIGCONT: a network that is cut, and comes back. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  /** Ends the process, by default as a power cut does, and returns when it is gone. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child === undefined || this.exited) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  #java(): string[] {
    const log = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    return ['-XX:+UseSerialGC', log, '-cp', path.join(this.#libs, '*')];
  }
}

async function tooLate(limitMs: number): Promise<never> {
  await delay(limitMs, undefined, { ref: false });
  throw new Error(`not within ${limitMs} ms`);
}

interface Endpoint {
  readonly id: number;
  readonly port: number;
  readonly advertisedPort: number;
  readonly controllerPort: number;
}

function propertiesOf(
  { id, port, advertisedPort, controllerPort }: Endpoint,
  all: readonly Endpoint[],
  directory: string,
  config: KafkaOptions['config'] = {},
): Record<string, string | number> {
  const replicas = all.length;
  const inSync = Math.min(2, replicas);
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': all.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': directory,
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    // Retention and compaction soon enough for a test to see them.
    'log.retention.check.interval.ms': 1000,
    'log.cleaner.backoff.ms': 500,
    'log.segment.delete.delay.ms': 500,
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'log.initial.task.delay.ms': 500,
    ...config,
  };
}

/** Ports that nobody listens on. All are held at once, so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
