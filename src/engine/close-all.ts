/** Closes all of them, whatever fails on the way, and then throws the first error, if any. */
export async function closeAll(all: Iterable<{ close(): Promise<void> }>): Promise<void> {
  const failures: unknown[] = [];
  for (const each of all) await each.close().catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
