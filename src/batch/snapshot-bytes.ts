import type { Snapshot } from './snapshot.ts';

/** What a snapshot takes in memory, about: 8 bytes a number, 2 a letter, 8 for each field. Cost: O(fields and letters). */
export function snapshotBytes(snapshot: Snapshot): number {
  if (typeof snapshot === 'string') return 2 * snapshot.length;
  if (typeof snapshot !== 'object' || snapshot === null || snapshot instanceof Date) return 8;
  if (snapshot instanceof Float64Array) return 8 * snapshot.length;
  let bytes = 0;
  for (const part of Object.values(snapshot)) bytes += 8 + snapshotBytes(part);
  return bytes;
}
