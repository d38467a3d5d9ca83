import * as fc from 'fast-check';

/** Numbers of use to a learner; margins of them reach where e^x is 0 or infinite. */
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -300, max: 300, noNaN: true }));

const column = (length: number, each: fc.Arbitrary<number> = value) =>
  fc.array(each, { minLength: length, maxLength: length }).map((values) => Float64Array.from(values));

/** Short ones, and such as pass a block of the kernels. */
const counts = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1023, max: 1034 }));

/** n rows of d features with labels 0 and 1, some with weights, and d + 1 weights to start from. */
export const labeledRows = fc.tuple(fc.integer({ min: 1, max: 5 }), counts).chain(([d, n]) =>
  fc.record({
    n: fc.constant(n),
    d: fc.constant(d),
    rows: fc.record({
      columns: fc.array(column(n), { minLength: d, maxLength: d }),
      labels: column(n, fc.integer({ min: 0, max: 1 })),
      weights: fc.option(column(n, fc.integer({ min: 0, max: 3 })), { nil: undefined }),
    }),
    weights: column(d + 1, fc.double({ min: -2, max: 2, noNaN: true })),
  }),
);
