/** Gives memory for so many numbers or more; what stands there does not matter. */
export type ColumnRoom = (numbers: number) => Float64Array;

/** Memory that is whoever's it was given to. */
export const newRoom: ColumnRoom = (numbers) => new Float64Array(numbers);

/** Columns of more numbers than this are given back after their batch. */
const MOST_KEPT_NUMBERS = 2 ** 20;

/** The same memory for the columns of each batch, which are lent for that batch: new memory would come from the system page by page. */
export function roomForEachBatch(): ColumnRoom {
  let kept = new Float64Array();
  return (numbers) => {
    if (numbers > MOST_KEPT_NUMBERS) return new Float64Array(numbers);
    if (numbers > kept.length) kept = new Float64Array(numbers);
    return kept;
  };
}
