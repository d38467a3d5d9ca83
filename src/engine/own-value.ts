/** The value of a name that a program chose, which may be one that every object has, such as `constructor`. */
export function ownValue<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
