import type { SnapshotRecord } from '../batch/snapshot.ts';
import { asymptoticTest, type Effect, type Evidence, mixtureTest } from '../numeric/mixture-test.ts';
import { bayesianReadOut } from './bayesian.ts';
import { type Interval, NO_LOOK, type Track, tracked } from './comparison-track.ts';
import { type ArmEstimate, absoluteEffect, relativeEffect } from './effect.ts';
import { eBenjaminiHochberg, eValueOf } from './false-discoveries.ts';
import { holm } from './holm.ts';
import { type FirstInformation, firstInformation, type Information, informationOf } from './information.ts';
import { type LookTotals, unitsByArm } from './look-totals.ts';
import type { Metric } from './metric.ts';
import { PlannedLooks, spendingNamed } from './planned-looks.ts';
import { sampleRatioEvidence } from './sample-ratio.ts';
import type { Comparison, SequentialResult, Status } from './sequential-result.ts';
import type { Settings } from './sequential-test-options.ts';

/** One metric of one arm against the control, as it is remembered. */
type Compared = {
  readonly absolute: Track;
  readonly relative: Track;
  readonly effects: readonly [absolute: Effect, relative: Effect];
  /** What units told at the first look at which they told anything; null before. */
  readonly first: FirstInformation | null;
  readonly verdict: Comparison['verdict'];
  readonly decidedAt: number | null;
};

type State = {
  readonly compared: readonly Compared[];
  readonly looks: number;
  readonly time: number;
  readonly firstTime: number | null;
  readonly fullPeriods: number;
  readonly logSampleRatio: number;
  readonly fractions: readonly number[];
  readonly status: Status;
  readonly reason: string;
};

const NO_EFFECT: Effect = { estimate: 0, standardError: Number.POSITIVE_INFINITY, n: 0 };

const NOT_COMPARED: Compared = {
  absolute: NO_LOOK,
  relative: NO_LOOK,
  effects: [NO_EFFECT, NO_EFFECT],
  first: null,
  verdict: 'not yet',
  decidedAt: null,
};

/** What the looks so far say. A look replaces the state by a new one, so that it can be undone. */
export class Verdict {
  readonly #settings: Settings;
  /** Every metric of every arm but the control. */
  readonly #pairs: readonly { readonly metric: Metric; readonly m: number; readonly arm: number }[];
  readonly #planned: PlannedLooks | undefined;
  #state: State;
  #committed: State;

  constructor(settings: Settings) {
    const { arms, metrics } = settings;
    this.#settings = settings;
    this.#pairs = metrics.flatMap((metric, m) => arms.slice(1).map((_, i) => ({ metric, m, arm: i + 1 })));
    this.#planned = this.#plannedLooks();
    this.#state = {
      compared: this.#pairs.map(() => NOT_COMPARED),
      looks: 0,
      time: 0,
      firstTime: null,
      fullPeriods: 0,
      logSampleRatio: 0,
      fractions: [],
      status: 'insufficient data',
      reason: 'no unit yet',
    };
    this.#committed = this.#state;
  }

  /** One look. */
  look(time: number, totals: LookTotals): void {
    const { wholePeriodMs, sampleRatioAlpha } = this.#settings;
    const firstTime = this.#state.firstTime ?? time;
    const fullPeriods = wholePeriodMs === 0 ? 0 : Math.floor((time - firstTime) / wholePeriodMs);
    const logSampleRatio = Math.max(this.#state.logSampleRatio, this.#sampleRatio(totals));
    const before = { ...this.#state, time, firstTime, logSampleRatio };
    const missing = this.#missing(totals);
    if (logSampleRatio >= -Math.log(sampleRatioAlpha)) {
      const reason = this.#settings.byPropensity
        ? 'sample ratio mismatch: units came to the arms by other chances than those that were told'
        : 'sample ratio mismatch: the arms have not the sizes that they should have';
      this.#state = { ...before, status: 'invalid', reason };
    } else if (this.#isOver()) this.#state = before;
    else if (missing !== undefined) this.#state = { ...before, ...kept(before, 'insufficient data', missing) };
    else if (wholePeriodMs > 0 && fullPeriods <= before.fullPeriods) {
      this.#state = { ...before, ...kept(before, 'not yet', 'the period under way is not full') };
    } else this.#state = this.#looked({ ...before, fullPeriods, looks: before.looks + 1 }, totals);
  }

  result(totals: LookTotals): SequentialResult {
    const { arms, sampleRatioAlpha } = this.#settings;
    const { looks, time, status, reason, compared, logSampleRatio } = this.#state;
    const adjusted = this.#adjusted(compared);
    return {
      looks,
      time,
      status,
      reason,
      arms: unitsByArm(totals).map((units, arm) => ({ name: arms[arm]!, units })),
      comparisons: this.#pairs.map(({ metric, arm }, i) => {
        const { absolute, relative, effects, verdict, decidedAt } = compared[i]!;
        return {
          metric: metric.name,
          arm: arms[arm]!,
          absolute: { estimate: effects[0].estimate, interval: absolute.interval },
          relative: { estimate: effects[1].estimate, interval: relative.interval },
          pValue: absolute.pValue,
          adjustedPValue: adjusted[i]!,
          verdict,
          ...(decidedAt !== null && { decidedAt }),
          drifting: absolute.drifting,
          bayesian: bayesianReadOut(effects[0], metric.options.guardrail?.better),
        };
      }),
      sampleRatio: {
        pValue: Math.min(1, Math.exp(-logSampleRatio)),
        mismatch: logSampleRatio >= -Math.log(sampleRatioAlpha),
      },
      crossedUnits: totals.crossed,
    };
  }

  /** Why nothing can be said yet; undefined where something can. */
  #missing(totals: LookTotals): string | undefined {
    const { arms, minimumPerArm, metrics } = this.#settings;
    for (const [m, metric] of metrics.entries()) {
      if (totals.waiting[m]) return `${metric.name} waits for its first ${metric.ofFirst} units`;
    }
    for (const [arm, units] of unitsByArm(totals).entries()) {
      if (units < minimumPerArm) return `${arms[arm]} has ${units} units; it needs ${minimumPerArm}`;
      const telling = totals.effectiveUnits?.[arm] ?? units;
      if (telling < minimumPerArm) {
        return `${arms[arm]} has units that tell as much as ${Math.floor(telling)} of the same weight; it needs ${minimumPerArm}`;
      }
    }
    for (const [m, metric] of metrics.entries()) {
      const estimates = totals.estimates[m]!;
      if (estimates === null) return `${metric.name} has too few units in some arm`;
      if (!estimates.some(({ variance }) => variance > 0)) return `${metric.name} has no variance`;
    }
    return undefined;
  }

  /** Evidence against the planned shares, or the propensities. Epochs are independent, so that their Bayes factors multiply. */
  #sampleRatio(totals: LookTotals): number {
    if (totals.propensityEvidence !== undefined) return totals.propensityEvidence;
    const { shares } = this.#settings;
    return totals.counts.reduce((sum, counts, epoch) => sum + sampleRatioEvidence(counts, shares[epoch]!), 0);
  }

  #isOver(): boolean {
    return this.#settings.method.kind === 'group-sequential' && (this.#state.fractions.at(-1) ?? 0) >= 1;
  }

  /** The state after a look that counts. */
  #looked(before: State, totals: LookTotals): State {
    const units = unitsByArm(totals).reduce((sum, each) => sum + each, 0);
    const { bound, fractions } = this.#planned?.next(units, before.fractions) ?? { bound: 0, fractions: [] };
    const { byUnit, byPropensity } = this.#settings;
    const lasting = !byUnit;
    const compared = this.#pairs.map(({ metric, m, arm }, i): Compared => {
      const arms = totals.estimates[m]!;
      const was = before.compared[i]!;
      const [control, treated] = [arms[0]!, arms[arm]!] as [ArmEstimate, ArmEstimate];
      const absolute = absoluteEffect(control, treated);
      const relative = relativeEffect(control, treated);
      if (!(absolute.standardError > 0)) return { ...was, effects: [absolute, relative] };
      const first = was.first ?? firstInformation(control, treated);
      const information =
        byUnit || byPropensity ? informationOf(metric, control, treated, first) : { n: absolute.n, scale: 1 };
      const evidence = this.#evidence(absolute, information, this.#alphaOf(metric), bound);
      const width = (evidence.halfWidth / absolute.standardError) * relative.standardError;
      return {
        ...was,
        absolute: tracked(was.absolute, absolute, evidence, lasting),
        relative: tracked(was.relative, relative, { pValue: 1, halfWidth: width }, lasting),
        effects: [absolute, relative],
        first,
      };
    });
    const adjusted = this.#adjusted(compared);
    const decided = compared.map((each, i) => this.#decided(each, i, adjusted[i]!, before.looks));
    return { ...before, compared: decided, fractions, ...this.#statusOf(decided, fractions) };
  }

  #evidence(effect: Effect, { n, scale }: Information, alpha: number, bound: number): Evidence {
    const { method } = this.#settings;
    switch (method.kind) {
      case 'asymptotic':
        return asymptoticTest({ ...effect, n }, method.tunedFor, alpha);
      case 'mixture':
        return mixtureTest(effect, method.mixingVariance * scale, alpha);
      case 'group-sequential':
        // It tells only whether the bound is passed.
        return {
          pValue: Math.abs(effect.estimate) >= bound * effect.standardError ? alpha : 1,
          halfWidth: bound * effect.standardError,
        };
    }
  }

  #plannedLooks(): PlannedLooks | undefined {
    const { method, alpha } = this.#settings;
    if (method.kind !== 'group-sequential') return undefined;
    const guardrails = this.#pairs.filter(({ metric }) => metric.options.guardrail !== undefined).length;
    const family = Math.max(guardrails, this.#pairs.length - guardrails);
    return new PlannedLooks(method.maximum, alpha / family, spendingNamed(method.spending));
  }

  /** α shared among the comparisons of the same family, so that their intervals hold together. */
  #alphaOf({ options }: Metric): number {
    const family = this.#pairs.filter(({ metric }) => !metric.options.guardrail === !options.guardrail);
    return this.#settings.alpha / family.length;
  }

  #adjusted(compared: readonly Compared[]): readonly number[] {
    const tested = this.#pairs.flatMap(({ metric }, i) => (metric.options.guardrail ? [] : [i]));
    const pValues = compared.map(({ absolute }) => absolute.pValue);
    const family = tested.map((i) => pValues[i]!);
    const corrected = this.#settings.correction === 'holm' ? holm(family) : eBenjaminiHochberg(family.map(eValueOf));
    for (const [rank, p] of corrected.entries()) pValues[tested[rank]!] = p;
    return pValues;
  }

  #decided(compared: Compared, i: number, adjusted: number, look: number): Compared {
    if (compared.verdict !== 'not yet') return compared;
    const { guardrail } = this.#pairs[i]!.metric.options;
    const verdict =
      guardrail === undefined
        ? adjusted <= this.#settings.alpha * (1 + 1e-12) && 'rejected'
        : guardrailVerdict(compared.absolute.interval, guardrail);
    return verdict ? { ...compared, verdict, decidedAt: look } : compared;
  }

  #statusOf(compared: readonly Compared[], fractions: readonly number[]): Pick<State, 'status' | 'reason'> {
    const { arms } = this.#settings;
    const decided = this.#pairs.flatMap(({ metric, arm }, i) => {
      const { verdict } = compared[i]!;
      return verdict === 'not yet' ? [] : [`${metric.name} of ${arms[arm]}: ${verdict}`];
    });
    const reason = decided.length === 0 ? 'no effect is certain yet' : decided.join('; ');
    if (compared.some(({ verdict }) => verdict === 'rejected')) return { status: 'rejected', reason };
    if (this.#settings.method.kind !== 'group-sequential' || fractions.at(-1) !== 1)
      return { status: 'not yet', reason };
    return { status: 'ended', reason: `the planned number of units is there; ${reason}` };
  }

  // What is saved

  keepChanges(): void {
    this.#committed = this.#state;
  }

  undoChanges(): void {
    this.#state = this.#committed;
  }

  /** What is new since `keepChanges`: of the fractions, which a group-sequential test remembers for ever, the last ones. */
  changes(): SnapshotRecord {
    const fractions = this.#state.fractions.slice(this.#committed.fractions.length);
    return { ...this.#state, fractions };
  }

  applyChanges(changes: SnapshotRecord): void {
    const fractions = [...this.#state.fractions, ...(changes as State).fractions];
    this.restore({ ...changes, fractions });
  }

  snapshot(): SnapshotRecord {
    return this.#state;
  }

  restore(snapshot: SnapshotRecord): void {
    this.#state = snapshot as State;
    this.#committed = this.#state;
  }
}

/** A verdict that was given stays, whatever is missing now. */
function kept(before: State, status: Status, reason: string): Pick<State, 'status' | 'reason'> {
  return before.status === 'insufficient data' || before.status === 'not yet' ? { status, reason } : before;
}

function guardrailVerdict(
  [lower, upper]: Interval,
  { margin, better }: { margin: number; better: 'higher' | 'lower' },
) {
  const [worst, best] = better === 'higher' ? [lower, upper] : [-upper, -lower];
  if (worst > -margin) return 'safe';
  return best < -margin && 'harmed';
}
