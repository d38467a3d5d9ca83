/** What a statement says, as plain data. */
export type Expression =
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null; readonly isWhole: boolean }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'cast'; readonly of: Expression; readonly to: string }
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [when: Expression, then: Expression])[];
      readonly otherwise: Expression;
    };

/** One column of the result, or all columns that there are. */
export type SelectItem =
  | { readonly kind: 'all' }
  | { readonly kind: 'one'; readonly of: Expression; readonly name: string };

export interface Select {
  readonly items: readonly SelectItem[];
  readonly where?: Expression | undefined;
}
