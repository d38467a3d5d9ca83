import { Batch } from '../batch/batch.ts';
import type { BatchContext, Graph, PendingWrite } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Source } from '../contracts/source.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { closeAll } from '../engine/close-all.ts';
import { failureOf } from '../engine/with-place.ts';
import { atPlace, MillraceError, UsageError } from '../errors.ts';
import { RememberedBatches } from './remembered-batches.ts';
import { duplicateId, firstFree, StateIds } from './state-ids.ts';
import type { OperatorOptions } from './stream-operators.ts';

/** Computes a node's batch from the batches of its parents. */
export type Compute = (
  inputs: readonly Batch<unknown>[],
  context: BatchContext,
) => Batch<unknown> | Promise<Batch<unknown>>;

/** One operator. Nodes are numbered in the order in which the program made them; a parent comes before its children. */
export interface GraphNode {
  readonly order: number;
  readonly kind: string;
  /** What errors call the operator; `map-3` unless the program says otherwise. */
  name: string;
  readonly parents: readonly GraphNode[];
  /** Milliseconds between the batches that the operator gives: a multiple of the batch duration. */
  readonly slideMs: number;
  /** What the operator remembers, if anything. */
  readonly state?: Stateful | undefined;
  /** Absent for a source, whose batch the engine reads. */
  readonly compute?: Compute;
}

/** What the operators gave in one batch. */
type Results = ReadonlyMap<GraphNode, Batch<unknown>>;

/** What operators need beside memory. */
interface Resource {
  close(): Promise<void>;
}

interface Output {
  readonly node: GraphNode;
  readonly sink: Sink;
}

/**
 * The graph that DStream calls build. A batch runs its nodes in the order of their making, each once, whoever uses it.
 * That is why a prediction that was asked for before the training sees the model as it was before the batch.
 */
export class DStreamGraph implements Graph {
  readonly sources = new Map<string, Source>();
  readonly remembered = new RememberedBatches();
  readonly #stateIds = new StateIds();
  readonly states = this.#stateIds.states;
  readonly derivedIds = this.#stateIds.derived;
  readonly #nodes: GraphNode[] = [];
  /** Of an operator that is made of several: the others. */
  readonly #parts = new Map<GraphNode, readonly GraphNode[]>();
  readonly #sourceNodes = new Map<GraphNode, string>();
  readonly #outputs: Output[] = [];
  readonly #resources: Resource[] = [];
  readonly #updates = new Set<GraphNode>();
  #needed: readonly GraphNode[] | undefined;

  addSource(id: string, source: Source, slideMs: number): GraphNode {
    if (this.sources.has(id)) throw duplicateId('source', id);
    this.sources.set(id, source);
    const node = this.#add({ order: this.#nodes.length, kind: id, name: id, parents: [], slideMs });
    this.#sourceNodes.set(node, id);
    return node;
  }

  /** The first id of this kind that no source has. */
  freeSourceId(kind: string): string {
    return firstFree(kind, this.sources);
  }

  addOperator(kind: string, parents: readonly GraphNode[], compute: Compute, options: OperatorOptions = {}): GraphNode {
    const order = this.#nodes.length;
    const { slideMs = commonSlideMs(parents), state } = options;
    if (state !== undefined) this.addState(undefined, kind, state);
    return this.#add({ order, kind, name: `${kind}-${order}`, parents, slideMs, state, compute });
  }

  /** An operator that is run for what it changes: it runs in every batch, used or not. */
  addUpdate(kind: string, parents: readonly GraphNode[], compute: Compute): GraphNode {
    const node = this.addOperator(kind, parents, compute);
    this.#updates.add(node);
    return node;
  }

  addOutput(kind: string, parent: GraphNode, sink: Sink): void {
    const node = this.addOperator(kind, [parent], ([batch]) => batch!);
    this.#outputs.push({ node, sink });
  }

  /** Makes a state part of every commit. The same state again is no second one. */
  addState(id: string | undefined, kind: string, state: Stateful): void {
    this.#stateIds.add(state, kind, id);
  }

  /** Makes the operators that `make` adds parts of the one whose stream it gives. */
  composed<S extends { readonly node: GraphNode }>(make: () => S): S {
    const first = this.#nodes.length;
    const made = make();
    this.#parts.set(
      made.node,
      this.#nodes.slice(first).filter((node) => node !== made.node),
    );
    return made;
  }

  /** Names an operator and what it remembers, and its parts after it: `recent`, `recent.windowBuffer`. */
  rename(node: GraphNode, name: string): void {
    const taken = new Set(this.#nodes.filter((each) => each !== node).map((each) => each.name));
    if (taken.has(name)) throw duplicateId('operator', name);
    this.#rename(node, name);
    for (const part of this.#parts.get(node) ?? []) {
      const partName = firstFree(`${name}.${part.kind}`, taken);
      taken.add(partName);
      this.#rename(part, partName);
    }
  }

  /** Throws `UsageError` where the graph would do nothing. */
  validate(): void {
    if (this.#outputs.length + this.#updates.size === 0) {
      throw new UsageError('no-output', 'requirement failed: No output operations registered, so nothing to execute');
    }
  }

  async run(inputs: ReadonlyMap<string, Batch<unknown>>, context: BatchContext): Promise<readonly PendingWrite[]> {
    const results = new Map<GraphNode, Batch<unknown>>();
    for (const node of this.#nodesInUse()) {
      if (!isDue(node, results, context)) continue;
      const sourceId = this.#sourceNodes.get(node);
      results.set(node, sourceId === undefined ? await compute(node, results, context) : inputs.get(sourceId)!);
    }
    this.remembered.add(results, context);
    return this.#outputs.flatMap(({ node, sink }) => {
      const batch = results.get(node);
      return batch === undefined ? [] : [{ operator: node.name, sink, batch }];
    });
  }

  /** Closes this, too, when the graph is closed. */
  closeAtEnd(resource: Resource): void {
    this.#resources.push(resource);
  }

  retryNoMore(): void {
    for (const { sink } of this.#outputs) sink.retryNoMore?.();
  }

  async close(): Promise<void> {
    await closeAll([...this.#outputs.map(({ sink }) => sink), ...this.#resources]);
  }

  #rename(node: GraphNode, name: string): void {
    if (node.state !== undefined) this.#stateIds.rename(node.state, name);
    node.name = name;
  }

  #add(node: GraphNode): GraphNode {
    this.#nodes.push(node);
    return node;
  }

  /** The nodes that an output or an update depends on. */
  #nodesInUse(): readonly GraphNode[] {
    if (this.#needed === undefined) {
      const needed = new Set<GraphNode>([...this.#updates, ...this.#outputs.map(({ node }) => node)]);
      for (const node of this.#nodes.toReversed()) {
        if (needed.has(node)) for (const parent of node.parents) needed.add(parent);
      }
      this.#needed = this.#nodes.filter((node) => needed.has(node));
    }
    return this.#needed;
  }
}

/** Whether the operator gives a batch at this time: one that slides by more than its parents does so only now and then. */
function isDue({ slideMs, parents }: GraphNode, results: Results, { time, zeroTime }: BatchContext): boolean {
  const slides = parents.some((parent) => parent.slideMs !== slideMs);
  return parents.every((parent) => results.has(parent)) && (!slides || (time - zeroTime) % slideMs === 0);
}

function commonSlideMs(parents: readonly GraphNode[]): number {
  const [first, ...others] = parents;
  if (others.some(({ slideMs }) => slideMs !== first!.slideMs)) {
    throw new UsageError('bad-option', 'Some of the DStreams have different slide durations');
  }
  return first!.slideMs;
}

async function compute(node: GraphNode, results: Results, context: BatchContext): Promise<Batch<unknown>> {
  try {
    const inputs = node.parents.map((parent) => results.get(parent)!);
    return checkedBatch(await node.compute!(inputs, context));
  } catch (error) {
    const place = { operator: node.name, batch: context.id };
    if (!(error instanceof MillraceError)) throw atPlace(failureOf(error), place);
    throw 'operator' in error.context ? error : atPlace(error, place);
  }
}

/** A function of the program may give anything. */
function checkedBatch(result: unknown): Batch<unknown> {
  if (result instanceof Batch) return result;
  throw new UsageError(
    'user-function-failed',
    'Transform function must not return null. Return Batch.empty() instead to represent no element as the result of transformation.',
  );
}
