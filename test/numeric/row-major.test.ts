import { expect, it } from 'vitest';
import { columnsOfRows, rowMajor } from '../../src/numeric/row-major.ts';

const columns = [Float64Array.of(1, 2, 3), Float64Array.of(10, 20, 30)];

it('puts chosen rows one after another, in the order and the precision that are asked for', () => {
  expect(rowMajor(columns, [2, 0, 2])).toEqual(Float32Array.of(3, 30, 1, 10, 3, 30));
  expect(rowMajor([Float64Array.of(0.1)], [0])).toEqual(Float32Array.of(Math.fround(0.1)));
  expect(rowMajor([Float64Array.of(0.1)], [0], Float64Array)).toEqual(Float64Array.of(0.1));
  expect(rowMajor(columns, [])).toEqual(new Float32Array());
});

it('is undone by columnsOfRows', () => {
  expect(columnsOfRows(rowMajor(columns, [0, 1, 2]), 3, 2)).toEqual(columns);
});
