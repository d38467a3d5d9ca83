/** A record as Spark's Scala API writes it: pairs in round brackets, numbers as columns in square ones, objects as JSON. */
export function recordText(record: unknown): string {
  if (Array.isArray(record)) return `(${record.map(recordText).join(',')})`;
  if (ArrayBuffer.isView(record)) return `[${Array.from(record as Float64Array).join(',')}]`;
  if (record === undefined) return 'None';
  return isPlainObject(record) ? JSON.stringify(record, bigintAsText) : String(record);
}

/** JSON has no bigints, and readers of JSON numbers would lose their last digits. */
function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Whether it was written as `{ … }` rather than made by a class, which has a text of its own. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
