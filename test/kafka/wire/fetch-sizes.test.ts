import { expect, it } from 'vitest';
import { FetchSizes } from '../../../src/kafka/fetch-sizes.ts';

const at = { topic: 't', partition: 0 };

it('asks for what the range takes, by the bytes that an offset took, within limits', () => {
  const sizes = new FetchSizes();
  const first = sizes.maxBytesOf(at, 2500);
  sizes.learn(at, 60_000, 600); // 100 bytes an offset
  expect(sizes.maxBytesOf(at, 2500)).toBeGreaterThan(2500 * 100);
  expect(sizes.maxBytesOf(at, 2500)).toBeLessThan(first / 2);
  expect(sizes.maxBytesOf(at, 1)).toBe(64 * 1024);
  expect(sizes.maxBytesOf(at, 1e9)).toBe(8 * 2 ** 20);
  expect(sizes.maxBytesOf({ ...at, partition: 1 }, 2500)).toBe(first);
});

it('follows records as they grow, and is not led astray by a response without any', () => {
  const sizes = new FetchSizes();
  sizes.learn(at, 1000, 10);
  sizes.learn(at, 0, 0);
  const before = sizes.maxBytesOf(at, 10_000);
  for (let i = 0; i < 10; i++) sizes.learn(at, 5000, 10);
  expect(sizes.maxBytesOf(at, 10_000) / before).toBeCloseTo(5, 0);
});
