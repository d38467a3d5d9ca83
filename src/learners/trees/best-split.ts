/** The split of the largest gain, the first of equals, and the gain of the next best, at least 0; undefined where none gains. */
export function bestSplitOf<S extends { readonly gain: number }>(
  splits: readonly S[],
): { readonly best: S; readonly second: number } | undefined {
  let best: S | undefined;
  let second = 0;
  for (const split of splits) {
    if (best === undefined || split.gain > best.gain) {
      second = best?.gain ?? 0;
      best = split;
    } else second = Math.max(second, split.gain);
  }
  return best === undefined || best.gain <= 0 ? undefined : { best, second };
}
