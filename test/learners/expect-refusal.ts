import { expect } from 'vitest';
import type { ErrorCode, MillraceError } from '../../src/errors.ts';

/** Expects an error of this kind and code, with exactly this message. */
export function expectRefusal(
  use: () => unknown,
  kind: abstract new (...parameters: never[]) => MillraceError,
  code: ErrorCode,
  message: string,
): void {
  let thrown: unknown;
  try {
    use();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(kind);
  expect(thrown).toMatchObject({ code, message });
}
