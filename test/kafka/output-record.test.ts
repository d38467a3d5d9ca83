import { expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { type OutputRecord, producerRecordOf } from '../../src/kafka/output-record.ts';

it('gives a record the topic of the sink where it has none', () => {
  const bytes = Buffer.of(1);
  expect(producerRecordOf('a', 't')).toEqual({ topic: 't', value: 'a' });
  expect(producerRecordOf(null, 't')).toEqual({ topic: 't', value: null });
  const whole = { value: bytes, key: 'k', headers: [{ key: 'h', value: null }], partition: 1, timestamp: 0 };
  expect(producerRecordOf(whole, 't')).toEqual({ ...whole, topic: 't' });
  expect(producerRecordOf({ ...whole, topic: 'own' }, 't')).toEqual({ ...whole, topic: 'own' });
  expect(() => producerRecordOf('a', undefined)).toThrow('expected a topic, got none for "a"');
});

it.each<unknown>([
  7,
  undefined,
  {},
  { value: 7 },
  { value: 'a', key: 7 },
  { value: 'a', headers: null },
  { value: 'a', headers: { h: 'v' } },
  { value: 'a', headers: [null] },
  { value: 'a', headers: [{ key: 7, value: 'v' }] },
  { value: 'a', headers: [{ key: 'h', value: 7 }] },
  { value: 'a', timestamp: Number.NaN },
  { value: 'a', timestamp: 1.5 },
  { value: 'a', timestamp: -1 },
  { value: 'a', timestamp: 1e300 },
  { value: 'a', timestamp: null },
])('refuses %j', (record) => {
  expect(() => producerRecordOf(record as OutputRecord, 't')).toThrow(UsageError);
  expect(() => producerRecordOf(record as OutputRecord, 't')).toThrow('Kafka sink: expected text or bytes');
});
