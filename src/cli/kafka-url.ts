import { type KafkaOptions, type SaslOptions, UsageError } from '../index.ts';

/** What `kafka://HOST:PORT[,HOST:PORT…]/TOPIC[?SETTING=VALUE&…]` says. */
export interface KafkaUrl {
  readonly connection: KafkaOptions;
  readonly topic: string;
  /** The settings that are not of the connection. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Settings that every such URL may have. The password comes from the environment, since others can read a command line. */
const OF_THE_CONNECTION = ['ssl', 'sasl', 'username'];
const PASSWORD = 'KAFKA_PASSWORD';

export function isKafkaUrl(where: string): boolean {
  return where.startsWith('kafka://');
}

/** Throws `UsageError` where it is none, or has a setting that is neither of the connection nor in `known`. */
export function parseKafkaUrl(where: string, option: string, known: readonly string[]): KafkaUrl {
  const [, bootstrapServers, topic, query = ''] = /^kafka:\/\/([^/?]+)\/([\w.-]+)(?:\?(.*))?$/.exec(where) ?? [];
  if (bootstrapServers === undefined || topic === undefined) {
    throw new UsageError('bad-option', `${option}: expected kafka://HOST:PORT/TOPIC, got ${where}`);
  }
  const settings = Object.fromEntries(new URLSearchParams(query));
  const allowed = [...known, ...OF_THE_CONNECTION];
  const unknown = Object.keys(settings).find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      'bad-option',
      `${option}: unknown setting '${unknown}' in ${where} (known: ${allowed.join(', ')})`,
    );
  }
  const { ssl, sasl, username, ...others } = settings;
  const connection = {
    bootstrapServers,
    ...(ssl !== undefined && { ssl: ssl !== 'false' }),
    ...(sasl !== undefined && { sasl: saslOf(sasl, username, option) }),
  };
  return { connection, topic, settings: others };
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

function saslOf(sasl: string, username: string | undefined, option: string): SaslOptions {
  const mechanism = MECHANISMS.find((each) => each === sasl);
  if (mechanism === undefined) {
    throw new UsageError('bad-option', `${option}: expected sasl=${MECHANISMS.join(' or ')}, got ${sasl}`);
  }
  const password = process.env[PASSWORD];
  if (username !== undefined && password !== undefined) return { mechanism, username, password };
  const lacking =
    username === undefined ? 'a username in the URL' : `a password in the environment variable ${PASSWORD}`;
  throw new UsageError('bad-option', `${option}: sasl=${sasl}: expected ${lacking}, got none`);
}
