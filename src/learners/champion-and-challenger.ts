import type { Examples, Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Learner } from '../contracts/learner.ts';
import { StateError, UsageError } from '../errors.ts';
import { type LossDifference, LossDifferences, type LossDifferencesOptions } from '../monitors/loss-differences.ts';
import type { LearnedModel } from './learned-model.ts';
import { type LearnerRecord, OnlineLearner } from './online-learner.ts';

export interface ChampionAndChallengerOptions<R extends LearnerRecord> extends LossDifferencesOptions {
  /** Predicts, for now. */
  readonly champion: OnlineLearner<R>;
  /** Learns beside it. */
  readonly challenger: OnlineLearner<R>;
  /**
   * Whether the challenger is to take over, asked after each batch with how its losses compare to the champion's. Default: when
   * it is surely better.
   */
  readonly promoteWhen?: (challenger: LossDifference) => boolean;
}

/**
 * Two learners on one stream, of which the better one predicts. Both are tested on each batch and then learn from it; when the
 * challenger is surely better, the two change places at the end of the batch, and the comparison begins anew.
 *
 * Looking after every batch costs nothing, nor does beginning anew: where the two are equally good, at most α of all streams ever
 * see a champion replaced for luck, however long they are. For that the comparison after i promotions, from 0, has
 * α / ((i + 1)(i + 2)) to itself. It takes over what it is given: it alone should train them. Cost: that of both.
 */
export class ChampionAndChallenger<R extends LearnerRecord = LearnerRecord> extends OnlineLearner<R> {
  readonly kind = 'ChampionAndChallenger';
  readonly supervised: boolean;
  declare readonly numClasses?: number;
  /** Those of the champion, where both can give them. */
  readonly predictProbabilities?: (features: Features) => readonly Float64Array[];
  readonly #pair: readonly [OnlineLearner<R>, OnlineLearner<R>];
  readonly #options: LossDifferencesOptions;
  readonly #promoteWhen: (challenger: LossDifference) => boolean;
  #differences: LossDifferences;
  /** Which of the pair is the champion. */
  #reigning: 0 | 1 = 0;
  #promotions = 0;

  constructor(options: ChampionAndChallengerOptions<R>) {
    super();
    const { champion, challenger, promoteWhen = ({ verdict }) => verdict === 'better' } = options;
    if (champion.supervised !== challenger.supervised || champion.width !== challenger.width) {
      throw new UsageError('wrong-width', `${this.kind}: expected two learners that learn from the same records`);
    }
    this.supervised = champion.supervised;
    if (champion.numClasses !== undefined) this.numClasses = champion.numClasses;
    this.#pair = [champion, challenger];
    if (this.#pair.every((learner: Learner) => learner.predictProbabilities !== undefined)) {
      this.predictProbabilities = (features) => (this.champion as Learner).predictProbabilities!(features);
    }
    this.#options = options;
    this.#differences = this.#newDifferences(0);
    this.#promoteWhen = promoteWhen;
  }

  get width(): number {
    return this.#pair[0].width;
  }

  /** The learner that predicts now. */
  get champion(): OnlineLearner<R> {
    return this.#pair[this.#reigning];
  }

  get challenger(): OnlineLearner<R> {
    return this.#pair[1 - this.#reigning]!;
  }

  /** How often the two have changed places. */
  get promotions(): number {
    return this.#promotions;
  }

  /** How the challenger's losses compare to the champion's since the last promotion. */
  difference(): LossDifference {
    return this.#differences.between(1 - this.#reigning, this.#reigning);
  }

  params(): SnapshotRecord {
    const [first, second] = this.#pair.map(({ kind, params }, i) => ({ kind, params: params.call(this.#pair[i]!) }));
    return { champion: first!, challenger: second! };
  }

  /** Those of the champion. */
  learnedValues(): Float64Array {
    return this.champion.learnedValues();
  }

  /** That of the champion. */
  override latestModel(): LearnedModel {
    return this.champion.latestModel();
  }

  /** Writes the champion alone, as the learner that it is. */
  override async save(file: string): Promise<void> {
    await this.champion.save(file);
  }

  /** `loss`, the champion's, and `promotions`. */
  override metrics(): Readonly<Record<string, number>> {
    return { ...super.metrics(), promotions: this.#promotions };
  }

  protected learn(examples: Examples): number | undefined {
    const [first, second] = this.#pair;
    const before = first.snapshot();
    const losses: (number | undefined)[] = [first.update(examples)];
    try {
      losses.push(second.update(examples));
    } catch (error) {
      first.restore(before);
      throw error;
    }
    const loss = losses[this.#reigning];
    if (loss !== undefined) this.#compare(losses as number[]);
    return loss;
  }

  protected score(features: Features): Float64Array {
    return this.champion.predict(features);
  }

  protected learned(): SnapshotRecord {
    const [first, second] = this.#pair;
    return {
      learners: [first.snapshot(), second.snapshot()],
      differences: this.#differences.snapshot(),
      reigning: this.#reigning,
      promotions: this.#promotions,
    };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const { learners, differences, reigning, promotions } = snapshot;
    const isPair = Array.isArray(learners) && learners.length === 2 && (reigning === 0 || reigning === 1);
    if (!isPair || typeof promotions !== 'number' || typeof differences !== 'object') {
      throw new StateError('does-not-fit', `${this.kind}: expected two saved learners and how they compare`);
    }
    const before = this.#pair.map((learner) => learner.snapshot());
    const restored = this.#newDifferences(promotions);
    try {
      for (const [i, learner] of this.#pair.entries()) learner.restore(learners[i]);
      restored.restore(differences as SnapshotRecord);
    } catch (error) {
      for (const [i, learner] of this.#pair.entries()) learner.restore(before[i]!);
      throw error;
    }
    this.#differences = restored;
    this.#reigning = reigning;
    this.#promotions = promotions;
  }

  #compare(losses: readonly number[]): void {
    this.#differences.add(losses);
    if (!this.#promoteWhen(this.difference())) return;
    this.#reigning = this.#reigning === 0 ? 1 : 0;
    this.#promotions++;
    this.#differences = this.#newDifferences(this.#promotions);
  }

  /** The comparison after so many promotions. Their shares of α add up to it: 1/2 + 1/6 + 1/12 + … = 1. */
  #newDifferences(promotions: number): LossDifferences {
    const { alpha = 0.05 } = this.#options;
    return new LossDifferences(2, { ...this.#options, alpha: alpha / ((promotions + 1) * (promotions + 2)) });
  }
}
