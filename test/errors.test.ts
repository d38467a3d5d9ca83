import { isNativeError } from 'node:util/types';
import { describe, expect, it } from 'vitest';
import { atPlace, DataError, excerpt, StateError, TransientError } from '../src/errors.ts';

describe('atPlace', () => {
  it('says the place in the message and as data, and keeps all else', () => {
    const cause = new RangeError('too large');
    const error = new StateError('damaged', 'no state', { context: { file: 'a' }, cause });
    const placed = atPlace(error, { operator: 'map-1', batch: 3 });
    expect(placed).toBeInstanceOf(StateError);
    expect(isNativeError(placed)).toBe(true);
    expect(placed).toMatchObject({ name: 'StateError', code: 'damaged', cause });
    expect(placed.message).toBe('no state [operator map-1, batch 3]');
    expect(placed.context).toEqual({ file: 'a', operator: 'map-1', batch: 3 });
    expect(placed.stack).toBe(error.stack?.replace('no state', 'no state [operator map-1, batch 3]'));
  });

  it('leaves an error that the program may throw again as it was', () => {
    const offline = new TransientError('unreachable', 'offline');
    expect(atPlace(offline, { batch: 1 }).message).toBe('offline [batch 1]');
    expect(atPlace(offline, { batch: 2 }).message).toBe('offline [batch 2]');
    expect(offline.message).toBe('offline');
    expect(offline.context).toEqual({});
    expect('cause' in atPlace(offline, { batch: 1 })).toBe(false);
  });

  it('keeps what a program added in a class of its own', () => {
    class BadReading extends DataError {
      readonly sensor = 'a7';
      override get message() {
        return 'bad reading';
      }
    }
    expect(atPlace(new BadReading('bad-record', ''), { batch: 1 })).toMatchObject({ sensor: 'a7' });
    expect(atPlace(new BadReading('bad-record', ''), { batch: 1 })).toBeInstanceOf(BadReading);
  });
});

describe('excerpt', () => {
  it.each([
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [1.5, '1.5'],
    ['a\nb', '"a\\nb"'],
    [undefined, 'undefined'],
    [{ a: [1] }, '{"a":[1]}'],
  ])('of %j is %s', (value, text) => {
    expect(excerpt(value)).toBe(text);
  });

  it('is no longer than was asked for', () => {
    expect(excerpt('abcdefgh', 5)).toBe('"abc…');
  });
});
