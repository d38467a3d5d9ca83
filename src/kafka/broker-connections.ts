import { messageOf, TransientError, UsageError } from '../errors.ts';
import { resolvedBy, systemClock } from '../host/clock.ts';
import type { CheckedKafkaOptions } from './kafka-options.ts';
import { type KafkajsBroker, type KafkajsInternals, loadKafkajs } from './kafkajs-internals.ts';
import type { Api } from './wire/api.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const LONGEST_CONNECT_TIMEOUT_MS = 10_000;
/** What a flexible header adds: the number of its tagged fields, which is none. */
const NO_TAGS = Buffer.from([0]);

/** Connections to brokers, made when they are first needed, and made again after they were lost. It tries nothing twice. */
export class BrokerConnections {
  readonly #connectTimeoutMs: number;
  readonly #requestTimeoutMs: number;
  readonly #kafkajs: KafkajsInternals;
  readonly #pools: ReturnType<KafkajsInternals['connectionPoolBuilder']>;
  readonly #brokers = new Map<string, Promise<KafkajsBroker>>();

  constructor(options: CheckedKafkaOptions) {
    this.#connectTimeoutMs = Math.min(LONGEST_CONNECT_TIMEOUT_MS, options.requestTimeoutMs);
    this.#requestTimeoutMs = options.requestTimeoutMs;
    this.#kafkajs = loadKafkajs();
    this.#pools = this.#kafkajs.connectionPoolBuilder({
      logger: this.#kafkajs.silentLogger,
      socketFactory: this.#kafkajs.socketFactory(),
      ssl: options.ssl === true ? {} : options.ssl || undefined,
      sasl: options.sasl && { ...options.sasl },
      clientId: options.clientId,
      connectionTimeout: this.#connectTimeoutMs,
      requestTimeout: this.#requestTimeoutMs,
      enforceRequestTimeout: true,
    });
  }

  /**
   * The broker's response. Throws `TransientError` where the broker can't be reached, doesn't answer in time or hangs up, and
   * `UsageError` where it refuses us or is too old.
   */
  async send<R>(address: BrokerAddress, api: Api<R>): Promise<R> {
    const name = nameOf(address);
    const connecting = this.#brokers.get(name) ?? this.#connect(address);
    this.#brokers.set(name, connecting);
    try {
      return await inTime(this.#exchange(connecting, api, name), this.#connectTimeoutMs + this.#requestTimeoutMs);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      this.#forget(name, connecting);
      throw brokerError(error, name);
    }
  }

  /** Ends all connections. What is under way fails. */
  async close(): Promise<void> {
    for (const [name, broker] of this.#brokers) this.#forget(name, broker);
  }

  async #exchange<R>(connecting: Promise<KafkajsBroker>, api: Api<R>, name: string): Promise<R> {
    const broker = await connecting;
    checkVersion(broker, api, name);
    if (!broker.isConnected()) await broker.connect();
    return broker.connectionPool.send(this.#requestOf(api));
  }

  async #connect({ host, port }: BrokerAddress): Promise<KafkajsBroker> {
    const connectionPool = await this.#pools.build({ host, port });
    const broker = new this.#kafkajs.Broker({ connectionPool, logger: this.#kafkajs.silentLogger });
    try {
      await broker.connect();
      return broker;
    } catch (error) {
      hangUp(broker);
      throw error;
    }
  }

  #requestOf<R>({ name, key, version, flexible, body, decode }: Api<R>) {
    return {
      request: {
        apiName: name,
        apiKey: key,
        apiVersion: version,
        encode: async () => {
          const encoder = new this.#kafkajs.Encoder(body.length + 1);
          if (flexible) encoder.writeBufferInternal(NO_TAGS);
          encoder.writeBufferInternal(body);
          return encoder;
        },
      },
      response: {
        decode: async (bytes: Buffer) => decode(flexible ? bytes.subarray(NO_TAGS.length) : bytes),
        parse: async (decoded: R) => decoded,
      },
      requestTimeout: this.#requestTimeoutMs,
      logResponseError: false,
    };
  }

  #forget(name: string, connecting: Promise<KafkajsBroker>): void {
    if (this.#brokers.get(name) === connecting) this.#brokers.delete(name);
    connecting.then(hangUp, () => {});
  }
}

/**
 * The answer, or an error where there is none in so many milliseconds. kafkajs has time-outs of its own, but none while a
 * broker is silent on a password.
 */
async function inTime<R>(answer: Promise<R>, limitMs: number): Promise<R> {
  if (await resolvedBy(systemClock.now() + limitMs, answer, systemClock)) return answer;
  throw new Error(`none in ${limitMs} ms`);
}

export function nameOf({ host, port }: BrokerAddress): string {
  return `${host}:${port}`;
}

/** At once, where kafkajs would wait for the requests that are under way. */
function hangUp({ connectionPool }: KafkajsBroker): void {
  for (const connection of connectionPool.pool) {
    connection.rejectRequests(new Error('the connection was given up'));
    connection.socket?.destroy();
    void connection.disconnect();
  }
}

function checkVersion({ versions }: KafkajsBroker, { name, key, version }: Api<unknown>, broker: string): void {
  const { minVersion = 0, maxVersion = -1 } = versions?.[key] ?? {};
  if (version >= minVersion && version <= maxVersion) return;
  throw new UsageError(
    'unreachable',
    `Kafka: expected broker ${broker} to take ${name} requests of version ${version}, got versions ${minVersion} to ${maxVersion}; use Kafka 2.8 or later`,
  );
}

function brokerError(error: unknown, broker: string): UsageError | TransientError {
  const context = { broker };
  const details = { cause: error, context };
  if (error instanceof TransientError) return error;
  if (error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError') {
    return new UsageError('unreachable', `Kafka: broker ${broker} refused us: ${error.message}`, details);
  }
  return new TransientError('unreachable', `Kafka: no answer from broker ${broker} (${messageOf(error)})`, details);
}
