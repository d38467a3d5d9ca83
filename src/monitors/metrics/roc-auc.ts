import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { DataError, UsageError } from '../../errors.ts';
import { sumOf } from '../../numeric/linear.ts';
import { numbersOf, probabilitiesOf, weightsOf } from './outcome-columns.ts';
import { SumMetric } from './sum-metric.ts';

/** By bin of the score, Float64Array[BINS]: the weight of the rows with label 1, and with label 0. */
type Histogram = { readonly positives: Float64Array; readonly negatives: Float64Array };

const BINS = 2048;
/** Log-odds beyond ± this are all in the first or the last bin. */
const LARGEST_LOG_ODDS = 20.48;
const BINS_PER_UNIT = BINS / (2 * LARGEST_LOG_ODDS);

/**
 * Tells how well the probability of class 1 ranks the rows: the chance that a row of class 1 has a higher one than a row of
 * class 0, ties counting half. 0.5 is no ranking at all.
 *
 * Memory is bounded: scores are counted in 2,048 bins of equal width in ln(p / (1 − p)), between ± 20.48. Rows in one bin, whose odds
 * differ by less than 2 %, count as ties, so the value is off by at most half the share of pairs of both classes that share a bin:
 *
 *     | rocAuc − exact | ≤ errorBound = ½ · Σ_b P_b · N_b / (P · N)
 *
 * (test: "is within its error bound of the exact value"). Undefined (NaN) until both classes have come. Reads `labels` (0 or 1) and two
 * columns of `probabilities`. Cost: O(n) a batch, O(2,048) a value.
 */
export class RocAuc extends SumMetric<Histogram> {
  readonly name = 'rocAuc';
  readonly task = 'classification';

  constructor() {
    super({ positives: new Float64Array(BINS), negatives: new Float64Array(BINS) });
  }

  get value(): number {
    const { positives, negatives } = this.sums;
    let rankedRight = 0;
    let below = 0;
    for (let b = 0; b < BINS; b++) {
      rankedRight += positives[b]! * (below + negatives[b]! / 2);
      below += negatives[b]!;
    }
    return rankedRight / (sumOf(positives) * below);
  }

  /** How far the value is from the exact one at most. */
  get errorBound(): number {
    const { positives, negatives } = this.sums;
    let ties = 0;
    for (let b = 0; b < BINS; b++) ties += positives[b]! * negatives[b]!;
    return ties / (2 * sumOf(positives) * sumOf(negatives));
  }

  fresh(): RocAuc {
    return new RocAuc();
  }

  protected plus(outcomes: Outcomes): Histogram {
    const labels = binaryLabelsOf(outcomes, this.name);
    const probabilities = probabilitiesOf(outcomes, this.name);
    if (probabilities.length !== 2) {
      throw new UsageError('wrong-type', `${this.name}: expected two classes, got ${probabilities.length}`);
    }
    const weights = weightsOf(outcomes, this.name);
    const { positives, negatives } = this.sums;
    for (let i = 0; i < labels.length; i++) {
      const bin = binOf(probabilities[1]![i]!);
      const counts = labels[i] === 1 ? positives : negatives;
      counts[bin] = counts[bin]! + (weights === undefined ? 1 : weights[i]!);
    }
    return this.sums;
  }

  protected both(sums: Histogram, later: Histogram): Histogram {
    for (let bin = 0; bin < BINS; bin++) {
      sums.positives[bin] = sums.positives[bin]! + later.positives[bin]!;
      sums.negatives[bin] = sums.negatives[bin]! + later.negatives[bin]!;
    }
    return sums;
  }

  protected scaled(sums: Histogram, factor: number): Histogram {
    for (let bin = 0; bin < BINS; bin++) {
      sums.positives[bin] = sums.positives[bin]! * factor;
      sums.negatives[bin] = sums.negatives[bin]! * factor;
    }
    return sums;
  }

  /** Only the bins that have rows: a commit is as short as the scores are few. */
  override snapshot(): SnapshotRecord {
    const { positives, negatives } = this.sums;
    const bins = Float64Array.from(positives.keys()).filter((b) => positives[b]! > 0 || negatives[b]! > 0);
    return { bins, positives: bins.map((b) => positives[b]!), negatives: bins.map((b) => negatives[b]!) };
  }

  override restore(snapshot: SnapshotRecord): void {
    super.restore(allBins(snapshot) ?? snapshot);
  }

  protected fits(saved: SnapshotRecord): saved is Histogram {
    const { positives, negatives } = saved;
    return [positives, negatives].every((part) => part instanceof Float64Array && part.length === BINS);
  }
}

/** What `snapshot` gave, with the bins that have no rows; undefined for what it never gave. */
function allBins({ bins, positives, negatives }: SnapshotRecord): Histogram | undefined {
  const columns = [bins, positives, negatives];
  if (!columns.every((column) => column instanceof Float64Array)) return undefined;
  const [at, ...counts] = columns;
  if (!at!.every((bin) => Number.isInteger(bin) && bin >= 0 && bin < BINS)) return undefined;
  if (counts.some(({ length }) => length !== at!.length)) return undefined;
  const [ofOnes, ofZeros] = counts.map((column) => {
    const whole = new Float64Array(BINS);
    for (const [i, bin] of at!.entries()) whole[bin] = column[i]!;
    return whole;
  });
  return { positives: ofOnes!, negatives: ofZeros! };
}

function binOf(probability: number): number {
  const logOdds = Math.log(probability / (1 - probability));
  const bin = Math.floor((logOdds + LARGEST_LOG_ODDS) * BINS_PER_UNIT);
  return Math.min(Math.max(bin, 0), BINS - 1);
}

function binaryLabelsOf(outcomes: Outcomes, metric: string): Float64Array {
  const labels = numbersOf(outcomes, 'labels', metric);
  const row = labels.findIndex((label) => label !== 0 && label !== 1);
  if (row === -1) return labels;
  throw new DataError('bad-record', `${metric}: labels: expected 0 or 1, got ${labels[row]} in row ${row}`);
}
