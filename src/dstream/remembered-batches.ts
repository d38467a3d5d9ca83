import type { Batch } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import { UsageError } from '../errors.ts';
import type { GraphNode } from './dstream-graph.ts';

interface Slot {
  /** Batch time, milliseconds since 1970. */
  readonly time: number;
  readonly batch: Batch<unknown>;
}

/** The batches that each operator gave of late: what `slice` looks at. They are no part of the checkpoint. */
export class RememberedBatches {
  #durationMs: number | undefined;
  #zeroTime = 0;
  #slots: ReadonlyMap<GraphNode, readonly Slot[]> = new Map();

  /** Keeps the batches of times in (t − durationMs, t], where t is the time of the newest. */
  remember(durationMs: number): void {
    if (this.#durationMs !== undefined) {
      throw new UsageError(
        'bad-option',
        `Remember duration already set as ${this.#durationMs} ms. Cannot set it again.`,
      );
    }
    this.#durationMs = durationMs;
  }

  /** A batch that is run again takes the place of what it gave before. */
  add(results: ReadonlyMap<GraphNode, Batch<unknown>>, { time, zeroTime }: BatchContext): void {
    const durationMs = this.#durationMs;
    if (durationMs === undefined) return;
    this.#zeroTime = zeroTime;
    const nodes = new Set([...this.#slots.keys(), ...results.keys()]);
    const slots = Array.from(nodes, (node): [GraphNode, readonly Slot[]] => {
      const kept = (this.#slots.get(node) ?? []).filter((slot) => slot.time > time - durationMs && slot.time < time);
      const batch = results.get(node);
      return [node, batch === undefined ? kept : [...kept, { time, batch }]];
    });
    this.#slots = new Map(slots);
  }

  /** The batches of times in [from, to], oldest first, each end put back to the batch time before it. */
  slice(node: GraphNode, from: number, to: number, warn: (message: string) => void): readonly Batch<unknown>[] {
    if (this.#durationMs === undefined) {
      throw new UsageError('bad-option', 'slice: nothing is remembered; call remember(duration) before the start');
    }
    const [first, last] = [['fromTime', from] as const, ['toTime', to] as const].map(([name, time]) => {
      const over = (time - this.#zeroTime) % node.slideMs;
      if (over !== 0) warn(`${name} (${time} ms) is not a multiple of slideDuration (${node.slideMs} ms)`);
      return time - over;
    }) as [number, number];
    const slots = this.#slots.get(node) ?? [];
    return slots.filter(({ time }) => time >= first && time <= last).map(({ batch }) => batch);
  }
}
