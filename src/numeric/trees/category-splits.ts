/** Which categories may go left together: subsets, or those before each place of an order. */

/** 2^(c − 1) − 1 subsets of c categories, each split once; subset s has the categories whose bits of s + 1 are set, largest first. */
export function subsetOf(index: number, numCategories: number): number[] {
  const chosen: number[] = [];
  for (let category = 0; category < numCategories; category++)
    if (((index + 1) >> category) & 1) chosen.unshift(category);
  return chosen;
}

export function subsetCount(numCategories: number): number {
  return 2 ** (numCategories - 1) - 1;
}

/** Whether subsets are tried one by one: of few categories, where there are more than two classes. */
export function trySubsets(numCategories: number, numClasses: number, maxBins: number): boolean {
  if (numClasses <= 2) return false;
  return numCategories <= Math.floor(Math.log2(Math.floor(maxBins / 2) + 1) + 1);
}
