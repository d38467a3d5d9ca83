import { createRequire } from 'node:module';
import { UsageError } from '../errors.ts';

/**
 * The parts of kafkajs that carry bytes: connections with TLS and SASL, and requests that find their responses. They are not
 * public, so one version is asked for by its exact number. It decodes nothing: `docs/decisions/0010-reading-kafka.md`.
 */
const KAFKAJS_VERSION = '2.2.4';

/** A broker as kafkajs connects to it. */
export interface KafkajsBroker {
  readonly connectionPool: {
    readonly pool: readonly KafkajsConnection[];
    send<R>(request: KafkajsRequest<R>): Promise<R>;
  };
  isConnected(): boolean;
  /** Connects, asks for the versions of requests, and proves who we are. */
  connect(): Promise<void>;
  /** By the number of the request. */
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
}

interface KafkajsConnection {
  readonly socket?: { destroy(): void };
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
}

interface KafkajsRequest<R> {
  readonly request: {
    readonly apiName: string;
    readonly apiKey: number;
    readonly apiVersion: number;
    encode(): Promise<KafkajsEncoder>;
  };
  readonly response: { decode(bytes: Buffer): Promise<R>; parse(decoded: R): Promise<R> };
  readonly requestTimeout: number;
  readonly logResponseError: boolean;
}

interface KafkajsEncoder {
  writeBufferInternal(bytes: Buffer): void;
}

export interface KafkajsInternals {
  readonly Broker: new (options: object) => KafkajsBroker;
  readonly Encoder: new (initialSize?: number) => KafkajsEncoder;
  readonly connectionPoolBuilder: (options: object) => {
    build(address: { host: string; port: number }): Promise<object>;
  };
  readonly socketFactory: () => object;
  readonly silentLogger: object;
}

/** Loads kafkajs, which nothing else does. Throws `UsageError` where it is not there, or another version. */
export function loadKafkajs(): KafkajsInternals {
  const load = createRequire(import.meta.url);
  const found = versionFound(load);
  if (found !== KAFKAJS_VERSION) {
    throw new UsageError(
      'not-found',
      `Kafka: expected kafkajs ${KAFKAJS_VERSION}, got ${found ?? 'none'}; run npm install kafkajs@${KAFKAJS_VERSION}`,
    );
  }
  return {
    Broker: load('kafkajs/src/broker'),
    Encoder: load('kafkajs/src/protocol/encoder'),
    connectionPoolBuilder: load('kafkajs/src/cluster/connectionPoolBuilder'),
    socketFactory: load('kafkajs/src/network/socketFactory'),
    silentLogger: load('kafkajs/src/loggers').createLogger({ level: 0, logCreator: () => () => {} }),
  };
}

function versionFound(load: NodeJS.Require): string | undefined {
  try {
    return load('kafkajs/package.json').version;
  } catch {
    return undefined;
  }
}
