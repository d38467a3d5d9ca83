import { type Context, createContext, Script } from 'node:vm';

const CALL = new Script('f()');
let context: Context | undefined;

/**
 * Runs `f`; gives whether it ended within so many milliseconds. Where it did not, it was stopped wherever it was, be it inside a regular
 * expression. Cost: some 50 µs besides.
 */
export function endsWithin(limitMs: number, f: () => void): boolean {
  context ??= createContext({});
  context['f'] = f;
  try {
    CALL.runInContext(context, { timeout: limitMs });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    context['f'] = undefined;
  }
}
