import { expect, it } from 'vitest';
import { offsetOf, positionsOf } from '../../src/kafka/kafka-offset.ts';

it('the offset of positions holds all of them, also of topics that are called as what every object has', () => {
  const topics = ['__proto__', 'clicks', 'constructor', 'toString'];
  const positions = topics.flatMap((topic) =>
    [0, 1].map((partition) => ({ topic, partition, topicId: `id of ${topic}`, offset: 7 + partition })),
  );
  const saved = JSON.parse(JSON.stringify(offsetOf(positions, 'read_committed')));
  expect(positionsOf(saved)).toEqual(positions);
  expect(Object.prototype).not.toHaveProperty('0');
});
