import type { Outcomes } from '../../contracts/monitor.ts';
import { DataError } from '../../errors.ts';
import { MeanMetric } from './mean-metric.ts';
import { classesOf, probabilitiesOf } from './outcome-columns.ts';

/** Probabilities are kept this far from 0, so that one certain error does not outweigh all else. */
const LEAST_PROBABILITY = 1e-15;

/**
 * Tells how surprising the labels were to the learner: 0 where it was sure and right, ln 2 where it tossed a coin.
 *
 *     logLoss = − Σ w · ln p(y) / Σ w        p clipped to [10⁻¹⁵, 1 − 10⁻¹⁵]
 *
 * Reads `labels` and `probabilities`. Cost: O(n) a batch.
 */
export class LogLoss extends MeanMetric {
  readonly name = 'logLoss';
  readonly task = 'classification';

  fresh(): LogLoss {
    return new LogLoss();
  }

  protected lossesOf(outcomes: Outcomes): Float64Array {
    const labels = classesOf(outcomes, 'labels', this.name);
    const probabilities = probabilitiesOf(outcomes, this.name);
    return labels.map((label, i) => {
      const column = probabilities[label];
      if (column === undefined) {
        throw new DataError(
          'bad-record',
          `${this.name}: expected a class below ${probabilities.length}, got ${label} in row ${i}`,
        );
      }
      return -Math.log(Math.min(Math.max(column[i]!, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY));
    });
  }
}
