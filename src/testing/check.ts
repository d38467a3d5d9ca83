import { messageOf } from '../errors.ts';

/** How a check ended. */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly why: string; readonly cause: unknown }
  | { readonly kind: 'not applicable'; readonly because: string };

/** One law of a contract, asked of one subject. */
export interface Check {
  /** A sentence that is true of a subject that keeps the contract, such as `closes twice without harm`. */
  readonly name: string;
  /** Never rejects. May be run again; each run makes the subject anew. */
  run(): Promise<Outcome>;
}

/** A check from its body, which throws where the law is broken, or returns `notApplicable`. */
export function check(name: string, body: () => Promise<Outcome | undefined>): Check {
  return {
    name,
    async run() {
      try {
        return (await body()) ?? { kind: 'ok' };
      } catch (cause) {
        return { kind: 'failed', why: messageOf(cause), cause };
      }
    },
  };
}

/** The outcome of a check that a subject need not pass. `because` goes on from "not applicable because …". */
export function notApplicable(because: string): Outcome {
  return { kind: 'not applicable', because };
}
