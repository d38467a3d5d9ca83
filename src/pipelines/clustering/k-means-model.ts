import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { nearestCenters } from '../../numeric/nearest-center.ts';
import { denseFeatures } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, intParam } from '../params/param-kinds.ts';
import {
  featuresCol,
  maxBlockSizeInMB,
  maxIter,
  predictionCol,
  seed,
  tol,
  weightCol,
} from '../params/shared-params.ts';
import { withPredictions } from '../prediction-schema.ts';
import { int, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage } from '../stage.ts';
import { unitRows } from './row-lengths.ts';

export const K_MEANS_PARAMS = {
  ...featuresCol,
  ...predictionCol,
  ...weightCol,
  /** How many centres, at least 2. Default 2. */
  k: intParam({ atLeast: 2, default: 2 }),
  /** How the first centres are chosen. Default `k-means||`. */
  initMode: choiceParam(['k-means||', 'random'], 'k-means||'),
  /** Rounds of `k-means||`. Default 2. */
  initSteps: intParam({ atLeast: 1, default: 2 }),
  /** Default `euclidean`. */
  distanceMeasure: choiceParam(['euclidean', 'cosine'], 'euclidean'),
  ...maxIter(20),
  ...tol(1e-4),
  ...seed,
  /** How Spark goes over the rows; here it changes nothing. */
  solver: choiceParam(['auto', 'row', 'block'], 'auto'),
  ...maxBlockSizeInMB,
};

export type KMeansOptions = OptionsOf<typeof K_MEANS_PARAMS>;

const ROW = { clusterIdx: int, clusterCenter: vector };

/** `centers`: each Float64Array[d]. */
export interface KMeansLearned {
  readonly centers: readonly Float64Array[];
}

/** What `KMeans` has learned: a row belongs to the centre that it is nearest to, of equally near ones the first. */
export class KMeansModel extends ModelStage<KMeansLearned, typeof K_MEANS_PARAMS> {
  static readonly className = 'org.apache.spark.ml.clustering.KMeansModel';
  static readonly params = K_MEANS_PARAMS;

  static override async restore(saved: SavedStage): Promise<KMeansModel> {
    const rows = (await saved.rows(ROW)).sort((a, b) => a.clusterIdx - b.clusterIdx);
    const width = rows[0]?.clusterCenter.length;
    if (rows.length === 0) throw saved.damaged('centres', 'none');
    rows.forEach(({ clusterIdx, clusterCenter }, j) => {
      if (clusterIdx !== j) throw saved.damaged(`centre ${j}`, clusterIdx);
      if (clusterCenter.length !== width) throw saved.damaged(`centres of ${width} numbers`, clusterCenter.length);
    });
    const centers = rows.map(({ clusterCenter }) => clusterCenter);
    return new KMeansModel({ centers }, saved.options(K_MEANS_PARAMS), saved.uid);
  }

  override savedData() {
    const rows = this.learned.centers.map((clusterCenter, clusterIdx) => ({ clusterIdx, clusterCenter }));
    return { data: { columns: ROW, rows } };
  }

  get clusterCenters(): readonly Float64Array[] {
    return this.learned.centers;
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'int' }]);
  }

  protected transformChecked(table: Table): Table {
    const { centers } = this.learned;
    const name = this.get('predictionCol');
    const d = centers[0]!.length;
    const dense = denseFeatures(table, this.get('featuresCol'), d, this.uid);
    const { rows, columns } = this.get('distanceMeasure') === 'cosine' ? unitRows(table, this.uid, dense) : dense;
    if (!name) return table;
    const flat = new Float64Array(centers.length * d);
    centers.forEach((center, j) => {
      flat.set(center, j * d);
    });
    const { labels } = nearestCenters(columns, rows, flat, centers.length);
    return table.withColumn(name, { type: 'int', values: Float64Array.from(labels) });
  }
}
