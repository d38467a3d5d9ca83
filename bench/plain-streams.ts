/** What the streams of this benchmark do, as one would write it without streaming: each a loop that takes batch after batch. */

type Count = readonly [key: string, value: number];
type Loop = (batch: readonly Count[]) => readonly Count[];

export const doubled = ([key, value]: Count): Count => [key, 2 * value];
export const isWanted = ([, value]: Count): boolean => value % 3 !== 0;

export function mapAndFilter(): Loop {
  return (batch) => {
    const wanted: Count[] = [];
    for (const record of batch) {
      const mapped = doubled(record);
      if (isWanted(mapped)) wanted.push(mapped);
    }
    return wanted;
  };
}

export function sumByKey(): Loop {
  return (batch) => [...sumsOf(batch)];
}

function sumsOf(batch: readonly Count[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, value] of batch) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}

/** The sums of the last `length` batches: what comes is added, what goes is subtracted. */
export function slidingSums(length: number): Loop {
  const window: Map<string, number>[] = [];
  const totals = new Map<string, number>();
  return (batch) => {
    const sums = sumsOf(batch);
    window.push(sums);
    if (window.length > length) for (const [key, value] of window.shift()!) totals.set(key, totals.get(key)! - value);
    for (const [key, value] of sums) totals.set(key, (totals.get(key) ?? 0) + value);
    return [...totals];
  };
}

/** All totals, each brought up to date in every batch. */
export function updatedTotals(): Loop {
  const totals = new Map<string, number>();
  return (batch) => {
    const groups = new Map<string, number[]>();
    for (const [key, value] of batch) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [value]);
      else group.push(value);
    }
    for (const [key, total] of totals) totals.set(key, updated(groups.get(key), total));
    for (const [key, values] of groups) if (!totals.has(key)) totals.set(key, updated(values, 0));
    return [...totals];
  };
}

function updated(values: readonly number[] = [], total: number): number {
  return values.reduce((sum, value) => sum + value, total);
}

/** The total of each record's key, after the record. */
export function runningTotals(): Loop {
  const totals = new Map<string, number>();
  return (batch) => {
    const out: Count[] = [];
    for (const [key, value] of batch) {
      const total = (totals.get(key) ?? 0) + value;
      totals.set(key, total);
      out.push([key, total]);
    }
    return out;
  };
}
