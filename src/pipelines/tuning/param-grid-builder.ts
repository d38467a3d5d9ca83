import type { Params, ValueOf } from '../params/param.ts';
import type { ParamMap, ParamPair, Stage } from '../stage.ts';

/**
 * Builds all combinations of values of some parameters:
 *
 *     new ParamGridBuilder().addGrid(regression, 'regParam', [0, 0.1]).addGrid(regression, 'elasticNetParam', [0, 1]).build()
 *
 * Source: Apache Spark, ParamGridBuilder (spark.ml).
 */
export class ParamGridBuilder {
  readonly #axes = new Map<string, readonly ParamPair[]>();

  /** One value, in every combination. */
  baseOn<P extends Params, K extends keyof P & string>(stage: Stage<P>, name: K, value: ValueOf<P[K]>): this {
    return this.addGrid(stage, name, [value]);
  }

  /** Values of which each combination has one; asked for twice, the later ones count. */
  addGrid<P extends Params, K extends keyof P & string>(
    stage: Stage<P>,
    name: K,
    values: readonly ValueOf<P[K]>[],
  ): this {
    const pairs = values.map((value) => ({ parent: stage.uid, name, value }));
    this.#axes.set(`${stage.uid}.${name}`, pairs);
    return this;
  }

  build(): ParamMap[] {
    let maps: ParamMap[] = [[]];
    for (const pairs of this.#axes.values()) maps = pairs.flatMap((pair) => maps.map((map) => [...map, pair]));
    return maps;
  }
}
