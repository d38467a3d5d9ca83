import type { Phase } from './progress.ts';

/** Measures one batch and its phases. */
export class PhaseTimer {
  readonly phaseMs: Record<Phase, number> = { plan: 0, log: 0, run: 0, write: 0, commit: 0 };
  readonly #monotonicMs: () => number;
  readonly #start: number;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#start = monotonicMs();
  }

  /** Since the batch began, also between its phases. */
  get elapsedMs(): number {
    return this.#monotonicMs() - this.#start;
  }

  async time<R>(phase: Phase, work: () => Promise<R>): Promise<R> {
    const start = this.#monotonicMs();
    try {
      return await work();
    } finally {
      this.phaseMs[phase] += this.#monotonicMs() - start;
    }
  }
}
