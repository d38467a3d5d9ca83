import { UsageError } from '../errors.ts';
import { isPlainObject } from './snapshot.ts';

/**
 * Makes a value unchangeable, all the way down, and gives it back. Columns of numbers and dates can't be made so: what holds
 * one is copied instead. Throws `UsageError` (`wrong-type`) naming what is no plain data and so could not be saved.
 * Cost: O(size).
 */
export function frozenSnapshot<V>(value: V): V {
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return value;
      if (Array.isArray(value)) return frozenArray(value) as V;
      if (value instanceof Float64Array) return value.slice() as V;
      if (value instanceof Date) return new Date(value) as V;
      if (isPlainObject(value)) return frozenFields(value as Record<string, unknown>) as V;
  }
  throw new UsageError('wrong-type', `state: expected plain data or Float64Array, got ${describe(value)}`);
}

function frozenArray(values: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const part = frozenSnapshot(values[i]);
    if (Object.is(part, values[i])) continue;
    copy ??= [...values];
    copy[i] = part;
  }
  return Object.freeze(copy ?? values);
}

function frozenFields(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  for (const name in value) {
    const part = frozenSnapshot(value[name]);
    if (Object.is(part, value[name])) continue;
    copy ??= { ...value };
    copy[name] = part;
  }
  return Object.freeze(copy ?? value);
}

function describe(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'an object') : typeof value;
}
