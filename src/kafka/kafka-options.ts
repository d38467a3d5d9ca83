import type { ConnectionOptions } from 'node:tls';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { UsageError } from '../errors.ts';

/** How a client proves who it is. */
export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Called for each connection, and again before the token expires. */
      readonly oauthBearerProvider: () => Promise<{ readonly value: string }>;
    };

/** Where a Kafka cluster is, and how to talk to it. */
export interface KafkaOptions {
  /** Some of the cluster's brokers as `host:port`; the others are found through them. Kafka 2.8 or later. */
  readonly bootstrapServers: string | readonly string[];
  /** What brokers call this program in their logs and quotas. Default `millrace`. */
  readonly clientId?: string;
  /** Encrypted connections: true for the machine's own certificate authorities, or options of Node's `tls.connect`. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SaslOptions;
  /** After which an unanswered request is given up, and sent again. Default 30 seconds. */
  readonly requestTimeout?: Duration;
  /** How long lost brokers, moved leaders and the like are tried again before the batch fails. Default 2 minutes. */
  readonly retryTimeout?: Duration;
}

/** The same with the defaults, checked. */
export interface CheckedKafkaOptions {
  readonly bootstrapServers: readonly { readonly host: string; readonly port: number }[];
  readonly clientId: string;
  readonly ssl: boolean | ConnectionOptions;
  readonly sasl: SaslOptions | undefined;
  readonly requestTimeoutMs: number;
  readonly retryTimeoutMs: number;
}

/** Throws `UsageError` (`bad-option`) naming what is wrong. */
export function checkedKafkaOptions(options: KafkaOptions): CheckedKafkaOptions {
  const { bootstrapServers, clientId = 'millrace', ssl = false, sasl } = options;
  const servers = typeof bootstrapServers === 'string' ? bootstrapServers.split(',') : bootstrapServers;
  if (servers.length === 0) throw new UsageError('bad-option', 'Kafka: expected bootstrapServers, got none');
  return {
    bootstrapServers: servers.map((server) => addressOf(server.trim())),
    clientId,
    ssl,
    sasl,
    requestTimeoutMs: toMilliseconds(options.requestTimeout ?? '30 seconds', 'requestTimeout'),
    retryTimeoutMs: toMilliseconds(options.retryTimeout ?? '2 minutes', 'retryTimeout'),
  };
}

function addressOf(server: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(server) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new UsageError('bad-option', `Kafka: expected bootstrapServers as host:port, got ${JSON.stringify(server)}`);
}
