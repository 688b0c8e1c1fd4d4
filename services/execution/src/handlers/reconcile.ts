import { Injectable } from '@nestjs/common';
import type { Difference, Reconciled } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { AccountId } from '@scalpstorm/model';
import { Log, Metrics, stopOnBrokenInvariant } from '@scalpstorm/observability';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import { balanceDifferences, expectedTotals, movedBaseline, type Totals, totalsOf } from '../domain/balances.js';
import { type Comparison, toldDifferences, unrepaired } from '../domain/differences.js';
import { Ledger } from '../ports/ledger.js';
import { Pause } from '../ports/pause.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { UntoldOrders } from '../ports/untold-orders.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { AccountStates, type Hold } from './account-states.js';
import { AdoptOrders } from './adopt-orders.js';
import { CancelStrays } from './cancel-strays.js';
import { CompareFills } from './compare-fills.js';
import { type ComparedOrders, CompareOrders } from './compare-orders.js';
import { RefusedFills } from './refused-fills.js';
import { forgotOrders, forgotText, VenueMemory } from './venue-memory.js';

export type Trigger = Reconciled['trigger'];

/** Balances and fills can not be read in one moment; so often a quiet moment is waited for. */
const differenceKinds: readonly Difference['kind'][] = ['order', 'fill', 'balance', 'position'];
const quietTriesMax = 10;
const quietPauseMsFirst = 50;
const quietPauseMsMax = 2_000;

interface Runs {
  readonly current: Promise<readonly Difference[]>;
  readonly next: Promise<readonly Difference[]> | null;
}

/** Compares orders, fills and balances with the venue, repairs our side, and reports every difference. */
@Injectable()
export class Reconcile {
  private readonly runs = new Map<AccountId, Runs>();
  /** Accounts whose user stream has a gap that no comparison has seen, and how often it had one since the last that did. */
  private readonly gaps = new Map<AccountId, number>();
  private readonly breaks;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly compareOrders: CompareOrders,
    private readonly compareFills: CompareFills,
    private readonly refusedFills: RefusedFills,
    private readonly venueMemory: VenueMemory,
    private readonly adoptOrders: AdoptOrders,
    private readonly cancelStrays: CancelStrays,
    private readonly untoldOrders: UntoldOrders,
    private readonly states: AccountStates,
    private readonly pause: Pause,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.breaks = metrics.counter({
      name: 'recon_breaks_total',
      help: 'Differences between our books and the venue.',
      labels: ['account', 'kind'],
    });
    refusedFills.follow((accountId) => this.repair(accountId, 'request'));
    untoldOrders.follow((accountId) => {
      states.hold(accountId, { kind: 'close-only', code: untoldCode, text: untoldText });
      this.repair(accountId, 'request');
    });
  }

  /**
   * One run at a time for each account. Whoever asks during a run gets the one that follows it, together with all others
   * who ask meanwhile.
   * @throws VenueUnreachable, AccountDetached when the venue does not answer: nothing is concluded then.
   */
  async run(accountId: AccountId, trigger: Trigger): Promise<readonly Difference[]> {
    const known = this.runs.get(accountId);
    if (known?.next) return known.next;
    if (known) {
      const next = known.current.catch(() => []).then(() => this.begin(accountId, trigger));
      this.runs.set(accountId, { ...known, next });
      return next;
    }
    return this.begin(accountId, trigger);
  }

  /** Compares without anybody waiting for it. */
  repair(accountId: AccountId, trigger: Trigger): void {
    if (trigger === 'reconnect') {
      // What the stream has missed nobody knows until a comparison that began after it has come to its end.
      this.gaps.set(accountId, (this.gaps.get(accountId) ?? 0) + 1);
      this.states.hold(accountId, gapHold);
    }
    this.run(accountId, trigger).catch((error) => {
      stopOnBrokenInvariant(error);
      this.log.warn({ accountId, error }, 'reconciliation did not finish; the timer tries again');
    });
  }

  /** Resolves when no run of the account is under way or waits for its turn. */
  async settled(accountId: AccountId): Promise<void> {
    for (let known = this.runs.get(accountId); known !== undefined; known = this.runs.get(accountId)) {
      await (known.next ?? known.current).catch(() => undefined);
    }
  }

  private begin(accountId: AccountId, trigger: Trigger): Promise<readonly Difference[]> {
    const current = this.compare(accountId, trigger).finally(() => {
      const known = this.runs.get(accountId);
      if (known?.current === current && known.next === null) this.runs.delete(accountId);
    });
    this.runs.set(accountId, { current, next: null });
    return current;
  }

  private async compare(accountId: AccountId, trigger: Trigger): Promise<readonly Difference[]> {
    const venue = this.venues.venueOf(accountId);
    if (venue === null) throw new AccountDetached(accountId);
    const gap = this.gaps.get(accountId);
    const afterGap = trigger === 'start' || trigger === 'reconnect' || gap !== undefined;
    const comparison = { accountId, began: await venue.serverTime(), afterGap };
    const loss = await this.venueMemory.loss(comparison, venue);
    const { differences, conflicts, strays } = loss
      ? { differences: [loss], conflicts: [], strays: [] }
      : await this.differences(comparison, venue, trigger);
    const generation = this.states.generation(accountId);
    const refused = loss ? [] : await this.refusedFills.review(accountId);
    const open = [...refused, ...(await this.untold(accountId))];
    const all = [...differences, ...open];
    this.requireStanding(accountId, venue);
    await this.conclude(accountId, trigger, all);
    this.requireStanding(accountId, venue);
    if (this.gaps.get(accountId) === gap) this.gaps.delete(accountId);
    const unseen = this.gaps.has(accountId) ? gapHold : null;
    this.states.concluded(accountId, holdOf(loss, [...open, ...conflicts]) ?? unseen, generation);
    await this.cancelStrays.cancel(strays, venue);
    return all;
  }

  /** What was found over a connection that is closed says nothing of the one after it, which may be another account's. */
  private requireStanding(accountId: AccountId, venue: ExecutionVenue): void {
    if (this.venues.venueOf(accountId) !== venue) throw new AccountDetached(accountId);
  }

  private async differences(comparison: Comparison, venue: ExecutionVenue, trigger: Trigger): Promise<Found> {
    const adopted = trigger === 'start' ? await this.adoptOrders.adopt(comparison, venue) : [];
    // Orders first: an order that was sent and never answered learns its venue id here, and its fills find it by that.
    const orders = await this.compareOrders.compare(comparison, venue);
    const fills = await this.compareFills.compare(comparison, venue);
    const balances = await this.compareBalances(comparison, venue);
    const short = await this.compareOrders.stillShort(comparison, orders.short);
    return { ...orders, differences: [...adopted, ...orders.differences, ...fills, ...balances, ...short] };
  }

  private async untold(accountId: AccountId): Promise<readonly Difference[]> {
    const count = await this.untoldOrders.count(accountId);
    if (count === 0) return [];
    const words = { subject: 'events of orders', ours: `${count} not told`, theirs: 'refused by the message bus' };
    return [unrepaired('order', accountId, { ...words, decision: `${untoldCode}: ${untoldText}` })];
  }

  private async conclude(accountId: AccountId, trigger: Trigger, differences: readonly Difference[]): Promise<void> {
    for (const kind of differenceKinds) this.breaks.inc({ account: accountId, kind }, 0);
    for (const difference of differences) this.breaks.inc({ account: accountId, kind: difference.kind });
    const clean = differences.every((difference) => difference.repaired);
    await this.reconciliations.conclude({ accountId, trigger, differences, clean });
    const told = toldDifferences(accountId, differences);
    if (!clean) this.log.error({ accountId, trigger, differences: told }, 'the books and the venue differ');
    else this.log.info({ accountId, trigger, differences: differences.length }, 'reconciled with the venue');
  }

  private async compareBalances(comparison: Comparison, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const { accountId } = comparison;
    const differences: Difference[] = [];
    for (let tries = 0; tries < quietTriesMax; tries += 1) {
      if (tries > 0) await this.pause.for(Math.min(quietPauseMsMax, quietPauseMsFirst * 2 ** (tries - 1)));
      const before = await this.ledger.cashFlow(accountId);
      // What is asked now may be answered from a copy that lies behind.
      const asOf = Timestamp.plus(venue.venueTime(), -this.venues.readLag);
      const balances = await venue.balances();
      differences.push(...(await this.compareFills.compare(comparison, venue)));
      const after = await this.ledger.cashFlow(accountId);
      if (!sameTotals(before, after)) continue;
      this.venues.rememberBalances(accountId, balances, asOf);
      return [...differences, ...(await this.judgeBalances(accountId, totalsOf(balances), after))];
    }
    this.log.warn({ accountId }, 'no quiet moment to compare balances; the next run tries again');
    return differences;
  }

  private async judgeBalances(accountId: AccountId, totals: Totals, cashFlow: Totals): Promise<readonly Difference[]> {
    const baseline = await this.reconciliations.baseline(accountId);
    const moved = movedBaseline(totals, cashFlow);
    if (baseline === null) {
      await this.reconciliations.setBaseline(accountId, moved, 'first sight of the account');
      return [];
    }
    const account = this.venues.accounts().find(({ id }) => id === accountId);
    const followsVenue = account?.mode !== 'demo';
    const differences = balanceDifferences(accountId, expectedTotals(baseline, cashFlow), totals, followsVenue);
    if (differences.length > 0 && followsVenue)
      await this.reconciliations.setBaseline(accountId, moved, 'balance changed outside our fills');
    return differences;
  }
}

const untoldCode = 'ORDER_EVENT_REFUSED';
const untoldText =
  'the message bus refused news of an order for good, so the others do not know it and the account opens nothing. Compare the ' +
  'order, then send the row in outbox_refused again or close it.';

const gapHold: Hold = {
  kind: 'close-only',
  code: 'STREAM_GAP_NOT_COMPARED',
  text:
    'the user stream was down, and what it has missed is not compared with the venue yet, so nothing is opened. A comparison that comes ' +
    'to its end ends this; where it stays, see why the last one did not finish.',
};

type Found = Pick<ComparedOrders, 'differences' | 'conflicts' | 'strays'>;

function holdOf(loss: Difference | null, open: readonly Difference[]): Hold | null {
  if (loss) return { kind: 'held', code: forgotOrders, text: forgotText };
  const [first] = open;
  if (!first) return null;
  const [code = ''] = first.decision.split(':');
  return { kind: 'close-only', code, text: first.subject };
}

function sameTotals(left: Totals, right: Totals): boolean {
  return left.size === right.size && [...left].every(([currency, amount]) => right.get(currency) === amount);
}
