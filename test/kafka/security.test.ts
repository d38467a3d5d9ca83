import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { systemClock } from '../../src/host/clock.ts';
import { KafkaClient } from '../../src/kafka/kafka-client.ts';
import type { SaslOptions } from '../../src/kafka/kafka-options.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { type KafkaCluster, startKafka } from './broker/start-kafka.ts';
import { readTopic } from './read-topic.ts';

const run = promisify(execFile);
const PASSWORD = 'keystore-password';
const [username, password] = ['someone', 'secret'];
const plain = { mechanism: 'plain', username, password } as const;
const LOGIN = 'org.apache.kafka.common.security';

describeWithKafka('a broker that wants TLS and SASL', ['4.3.1'], () => {
  let cluster: KafkaCluster;
  let certificate: string;

  beforeAll(async () => {
    const directory = await temporaryDirectory(afterAll);
    const keystore = path.join(directory, 'keystore.p12');
    const store = ['-keystore', keystore, '-storepass', PASSWORD, '-alias', 'broker'];
    const name = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1'];
    await run('keytool', ['-genkeypair', '-keyalg', 'RSA', '-storetype', 'PKCS12', ...store, ...name]);
    certificate = (await run('keytool', ['-exportcert', '-rfc', ...store])).stdout;
    const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'];
    cluster = await startKafka({
      client: { ssl: { ca: certificate }, sasl: plain },
      formatArguments: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${username},password=${password}]`,
      ]),
      config: {
        // The listener of the others, under its name, but encrypted.
        'listener.security.protocol.map': 'PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT',
        'sasl.enabled.mechanisms': mechanisms.join(','),
        'sasl.mechanism.inter.broker.protocol': 'PLAIN',
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': keystore,
        'ssl.keystore.password': PASSWORD,
        'ssl.truststore.type': 'PKCS12',
        'ssl.truststore.location': keystore,
        'ssl.truststore.password': PASSWORD,
        'listener.name.plaintext.plain.sasl.jaas.config': `${LOGIN}.plain.PlainLoginModule required username="${username}" password="${password}" user_${username}="${password}";`,
        'listener.name.plaintext.scram-sha-256.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
        'listener.name.plaintext.scram-sha-512.sasl.jaas.config': `${LOGIN}.scram.ScramLoginModule required;`,
        'listener.name.plaintext.oauthbearer.sasl.jaas.config': `${LOGIN}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="${username}";`,
      },
    });
  }, 240_000);
  afterAll(() => cluster?.stop());

  const clientWith = (sasl: SaslOptions, ca: string | undefined = certificate) =>
    new KafkaClient(
      {
        bootstrapServers: cluster.bootstrapServers,
        ssl: ca === undefined ? true : { ca },
        sasl,
        retryTimeout: '3 seconds',
      },
      systemClock,
    );

  it.each<SaslOptions>([
    plain,
    { mechanism: 'scram-sha-256', username, password },
    { mechanism: 'scram-sha-512', username, password },
    { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: unsecuredToken(username) }) },
  ])('lets us in by $mechanism, and gives what we wrote', async (sasl) => {
    const topic = await cluster.newTopic(1);
    const client = clientWith(sasl);
    await (await client.producer({})).produce([{ topic, value: sasl.mechanism }]);
    expect((await readTopic(client, topic)).map(({ value }) => String(value))).toEqual([sasl.mechanism]);
    await client.close();
  });

  it('refuses a wrong password at once', async () => {
    const client = clientWith({ mechanism: 'scram-sha-256', username, password: 'wrong' });
    const refused = client.describe(['any']);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(`broker ${cluster.bootstrapServers[0]} refused us`);
    await client.close();
  });

  it('is refused by us where nobody vouches for it', async () => {
    const client = clientWith(plain, '');
    await expect(client.describe(['any'])).rejects.toThrow(/no broker answers .*self.signed certificate/);
    await client.close();
  });
});

/** A token as OAuth's login of Kafka takes it where nothing is signed: for tests only. */
function unsecuredToken(sub: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const parts = [{ alg: 'none' }, { sub, iat: seconds, exp: seconds + 3600 }];
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
}
