import { Batch } from '../batch/batch.ts';
import type { BatchContext, Graph, PendingWrite } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Source } from '../contracts/source.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { failureOf } from '../engine/with-place.ts';
import { atPlace, MillraceError, UsageError } from '../errors.ts';
import type { OperatorOptions } from './stream-operators.ts';

/** Computes a node's batch from the batches of its parents. */
export type Compute = (
  inputs: readonly Batch<unknown>[],
  context: BatchContext,
) => Batch<unknown> | Promise<Batch<unknown>>;

/** One operator. Nodes are numbered in the order in which the program made them; a parent comes before its children. */
export interface GraphNode {
  readonly order: number;
  /** What errors call the operator; `map-3` unless the program says otherwise. */
  name: string;
  readonly parents: readonly GraphNode[];
  /** Milliseconds between the batches that the operator gives: a multiple of the batch duration. */
  readonly slideMs: number;
  /** What the operator remembers, if anything. */
  readonly state?: Stateful;
  /** Absent for a source, whose batch the engine reads. */
  readonly compute?: Compute;
}

/** What the operators gave in one batch. */
type Results = ReadonlyMap<GraphNode, Batch<unknown>>;

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
  readonly states = new Map<string, Stateful>();
  readonly #nodes: GraphNode[] = [];
  readonly #sourceNodes = new Map<GraphNode, string>();
  readonly #outputs: Output[] = [];
  readonly #updates = new Set<GraphNode>();
  #needed: readonly GraphNode[] | undefined;

  addSource(id: string, source: Source, slideMs: number): GraphNode {
    if (this.sources.has(id)) throw duplicate('source', id);
    this.sources.set(id, source);
    const node = this.#add({ order: this.#nodes.length, name: id, parents: [], slideMs });
    this.#sourceNodes.set(node, id);
    return node;
  }

  /** Adds an operator; its state, if it has one, is committed under the first free id of its kind. */
  addOperator(kind: string, parents: readonly GraphNode[], compute: Compute, options: OperatorOptions = {}): GraphNode {
    const order = this.#nodes.length;
    const { slideMs = commonSlideMs(parents), state } = options;
    if (state !== undefined) this.addState(undefined, kind, state);
    const node = { order, name: `${kind}-${order}`, parents, slideMs, compute };
    return this.#add(state === undefined ? node : { ...node, state });
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

  /** Makes a state part of every commit. The same state again is no second one. Returns its id. */
  addState(id: string | undefined, kind: string, state: Stateful): string {
    for (const [known, each] of this.states) if (each === state) return known;
    const chosen = id ?? firstFree(kind, this.states);
    if (this.states.has(chosen)) throw duplicate('state', chosen);
    this.states.set(chosen, state);
    return chosen;
  }

  rename(node: GraphNode, name: string): void {
    if (this.#nodes.some((each) => each !== node && each.name === name)) throw duplicate('operator', name);
    node.name = name;
    if (node.state !== undefined) this.#renameState(node.state, name);
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
    return this.#outputs.flatMap(({ node, sink }) => {
      const batch = results.get(node);
      return batch === undefined ? [] : [{ operator: node.name, sink, batch }];
    });
  }

  async close(): Promise<void> {
    for (const { sink } of this.#outputs) await sink.close();
  }

  #add(node: GraphNode): GraphNode {
    this.#nodes.push(node);
    return node;
  }

  #renameState(state: Stateful, id: string): void {
    if (this.states.has(id)) throw duplicate('state', id);
    const entries = Array.from(this.states, ([old, each]): [string, Stateful] => [each === state ? id : old, each]);
    this.states.clear();
    for (const [each, stateful] of entries) this.states.set(each, stateful);
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

/** The first of `kind`, `kind-1`, `kind-2` … that is not taken. */
export function firstFree(kind: string, taken: ReadonlyMap<string, unknown>): string {
  let id = kind;
  for (let n = 1; taken.has(id); n++) id = `${kind}-${n}`;
  return id;
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

function duplicate(what: string, id: string): UsageError {
  return new UsageError('duplicate-id', `${what} '${id}': the id is taken; ids must differ`);
}
