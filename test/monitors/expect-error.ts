import { expect } from 'vitest';
import type { ErrorCode, MillraceError } from '../../src/errors.ts';

/** Expects an error of this kind and code; where many subjects share a law, each words its message itself. */
export function expectError(
  use: () => unknown,
  kind: abstract new (...parameters: never[]) => MillraceError,
  code: ErrorCode,
): void {
  let thrown: unknown;
  try {
    use();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(kind);
  expect(thrown).toMatchObject({ code });
}
