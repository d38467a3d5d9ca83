/** Where a source has got to: plain JSON, made and understood by that source alone. Equal offsets print equal. */
export type Offset = null | boolean | number | string | readonly Offset[] | { readonly [key: string]: Offset };

/** What lies from `start` up to, not including, `end`. */
export type OffsetRange = {
  readonly start: Offset;
  readonly end: Offset;
};

export function sameOffset(a: Offset, b: Offset): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
