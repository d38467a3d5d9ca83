import { afterEach, describe, expect, it, vi } from 'vitest';
import { isKafkaUrl, parseKafkaUrl } from '../../src/cli/kafka-url.ts';

describe('a kafka:// address', () => {
  afterEach(() => void vi.unstubAllEnvs());
  const parse = (url: string) => parseKafkaUrl(url, '--sink', ['transactionalId']);

  it('names brokers, a topic and settings', () => {
    expect(parse('kafka://a:9092,b:9093/some.topic-1?transactionalId=x%2Dy&ssl=true')).toEqual({
      connection: { bootstrapServers: 'a:9092,b:9093', ssl: true },
      topic: 'some.topic-1',
      settings: { transactionalId: 'x-y' },
    });
    expect(isKafkaUrl('kafka://a:9092/t')).toBe(true);
    expect(isKafkaUrl('kafka.csv')).toBe(false);
  });

  it('takes the password from the environment, where others do not see it', () => {
    vi.stubEnv('KAFKA_PASSWORD', 'secret');
    expect(parse('kafka://a:9093/t?ssl=false&sasl=scram-sha-512&username=me').connection).toEqual({
      bootstrapServers: 'a:9093',
      ssl: false,
      sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'secret' },
    });
  });

  it.each([
    ['kafka://a:9092', '--sink: expected kafka://HOST:PORT/TOPIC, got kafka://a:9092'],
    ['kafka:///t', '--sink: expected kafka://HOST:PORT/TOPIC'],
    ['kafka://a:9092/t?color=red', "--sink: unknown setting 'color'"],
    ['kafka://a:9092/t?sasl=magic', '--sink: expected sasl=plain or scram-sha-256 or scram-sha-512, got magic'],
    ['kafka://a:9092/t?sasl=plain', '--sink: sasl=plain: expected a username in the URL, got none'],
    ['kafka://a:9092/t?sasl=plain&username=me', 'expected a password in the environment variable KAFKA_PASSWORD'],
  ])('is refused as %s', (url, message) => {
    vi.stubEnv('KAFKA_PASSWORD', undefined);
    expect(() => parse(url)).toThrow(message);
  });
});
