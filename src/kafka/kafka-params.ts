import { UsageError } from '../errors.ts';
import type { KafkaOptions, SaslOptions } from './kafka-options.ts';
import type { KafkaReadOptions } from './kafka-source.ts';

/** Settings of a Kafka client by the names that Java's consumer gives them, such as `bootstrap.servers`. */
export type KafkaParams = Readonly<Record<string, string | number | boolean>>;

type Settings = KafkaOptions & Pick<KafkaReadOptions, 'groupId' | 'isolationLevel' | 'startingOffsets'>;

const OFFSET_RESETS = ['latest', 'earliest'] as const;
const ISOLATION_LEVELS = ['read_committed', 'read_uncommitted'] as const;
const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** What each setting becomes. Those of SASL are read together. */
const SETTINGS: Readonly<Record<string, (value: string, name: string) => Partial<Settings>>> = {
  'bootstrap.servers': (value) => ({ bootstrapServers: value }),
  'client.id': (value) => ({ clientId: value }),
  'group.id': (value) => ({ groupId: value }),
  'auto.offset.reset': (value, name) => ({ startingOffsets: oneOf(OFFSET_RESETS, value, name) }),
  'isolation.level': (value, name) => ({ isolationLevel: oneOf(ISOLATION_LEVELS, value, name) }),
  'request.timeout.ms': (value) => ({ requestTimeout: Number(value) }),
  'enable.auto.commit': (value, name) => {
    oneOf(['false'], value, name);
    return {};
  },
  'security.protocol': (value, name) => ({ ssl: oneOf(SECURITY_PROTOCOLS, value, name).endsWith('SSL') }),
  'sasl.mechanism': () => ({}),
  'sasl.jaas.config': () => ({}),
};

/** The same settings as options. Throws `UsageError` naming one that is unknown or that can't be. */
export function settingsOf(params: KafkaParams): Settings {
  const settings = Object.entries(params).map(([name, value]) => {
    const setting = SETTINGS[name];
    if (setting !== undefined) return setting(String(value), name);
    const known = Object.keys(SETTINGS).join(', ');
    throw new UsageError('bad-option', `Kafka: unknown setting '${name}' (known: ${known})`);
  });
  const sasl = saslOf(params);
  const all = Object.assign({}, ...settings, sasl && { sasl }) as Partial<Settings>;
  if (all.bootstrapServers === undefined) {
    throw new UsageError('bad-option', "Kafka: expected the setting 'bootstrap.servers', got none");
  }
  return { ...all, bootstrapServers: all.bootstrapServers };
}

/** Java keeps name and password in one line: `…LoginModule required username="…" password="…";`. */
function saslOf(params: KafkaParams): SaslOptions | undefined {
  const protocol = String(params['security.protocol'] ?? 'PLAINTEXT');
  const mechanism = params['sasl.mechanism'];
  if (!protocol.startsWith('SASL')) {
    if (mechanism === undefined) return undefined;
    throw new UsageError('bad-option', `Kafka: sasl.mechanism needs security.protocol SASL_SSL, got ${protocol}`);
  }
  const jaas = String(params['sasl.jaas.config'] ?? '');
  const username = /\busername\s*=\s*["']([^"']*)["']/.exec(jaas)?.[1];
  const password = /\bpassword\s*=\s*["']([^"']*)["']/.exec(jaas)?.[1];
  if (username === undefined || password === undefined) {
    const expected = `a username="…" and a password="…" in sasl.jaas.config`;
    throw new UsageError('bad-option', `Kafka: security.protocol ${protocol}: expected ${expected}, got none`);
  }
  const chosen = oneOf(MECHANISMS, String(mechanism ?? 'PLAIN'), 'sasl.mechanism');
  return { mechanism: chosen.toLowerCase() as Lowercase<typeof chosen>, username, password };
}

function oneOf<const T extends string>(choices: readonly T[], value: string, name: string): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen !== undefined) return chosen;
  throw new UsageError('bad-option', `Kafka: ${name}: expected ${choices.join(', ')}, got '${value}'`);
}
