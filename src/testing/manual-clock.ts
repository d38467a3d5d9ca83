import type { Clock } from '../host/clock.ts';

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  #monotonicMs: number;
  #sleepers: Sleeper[] = [];
  #awaited: (() => void)[] = [];

  constructor(startMs = 0) {
    this.#now = startMs;
    this.#monotonicMs = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    if (timeMs <= this.#now || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wake !== wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
      this.#sleepers.push({ wakeAt: timeMs, wake });
      for (const tell of this.#awaited.splice(0)) tell();
    });
  }

  /** Resolves when somebody sleeps: what there was to do at this time is done. */
  sleeping(): Promise<void> {
    return this.#sleepers.length > 0 ? Promise.resolve() : new Promise((resolve) => this.#awaited.push(resolve));
  }

  /**
   * Moves the time on and wakes, in the order of their times, all whose time has come. A negative duration sets the clock back.
   */
  advance(durationMs: number): void {
    this.#now += durationMs;
    this.#monotonicMs += Math.max(0, durationMs);
    const due = this.#sleepers.filter(({ wakeAt }) => wakeAt <= this.#now).sort((a, b) => a.wakeAt - b.wakeAt);
    for (const { wake } of due) wake();
  }
}
