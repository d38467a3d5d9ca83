import { expect, it } from 'vitest';
import { checkpointText } from '../../src/cli/inspect/checkpoint-text.ts';
import { NOTHING_FOUND } from '../../src/engine/checkpoint-records.ts';

it('tells what receivers got and no batch has taken', () => {
  const received = { socket: { start: 1200, records: ['a', 'b', 'c'] } };
  const lines = checkpointText('there', { ...NOTHING_FOUND, received }).split('\n');
  expect(lines.find((line) => line.startsWith('socket'))).toMatch(/^socket +3 records, from number 1,200 on$/);
});

it('tells nothing of receivers where nothing waits', () => {
  expect(checkpointText('there', NOTHING_FOUND)).not.toContain('received');
});
