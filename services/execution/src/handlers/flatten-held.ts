import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, NoAnswer } from '@scalpstorm/bus';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import { isLive, type Plan, unclosedOf } from '@scalpstorm/engine';
import { type Micros, millisecond, second } from '@scalpstorm/kernel';
import {
  type Account,
  type AccountId,
  type InstrumentId,
  isDust,
  isPlanOver,
  Quantity,
  type Reason,
} from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { type Flattening, flattenPlan } from '../domain/flatten-plan.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { closeGivenUp } from '../domain/plan-activity.js';
import { type HandHolding, HandHoldings } from '../ports/hand-holdings.js';
import { Ledger } from '../ports/ledger.js';
import { OrderPlans } from '../ports/order-plans.js';
import { TradingHalts } from '../ports/trading-halts.js';
import { Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { DropChild } from './drop-child.js';
import { RunPlans } from './run-plans.js';

const everyMs = 500;
const askMs = 2_000;
/** Plans in a row that came to nothing while nothing was filled: each waits longer, so these are a day. */
const roundsOfDay = 3_000;
/** So many of them are read in one look after a restart; the next look goes on there. */
const roundsOfLook = 100;
const roundFirst = 500 * millisecond;
const roundMax = 30 * second;
/** After that day its user knows, and it is asked again so seldom: what heals is closed soon after, and what heals never costs 288 plans a day. */
const roundAfterDay = 300 * second;

/**
 * Closes what no bot holds, while a halt of level flatten stands over it: what was ordered by hand, and what plans have left. First everything
 * ends that gives back of it already, because a spot venue reserves the balance for each order and nothing may be promised twice;
 * then a plan of the kind `flatten` closes what is held by fills, and no more. Looked at again and again, so that a late fill, a
 * venue that was away and a restart only make it later. Bots close what they hold themselves.
 */
@Injectable()
export class FlattenHeld implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  /** How many came to nothing of what a user holds there, as it is now; as many as are held. */
  private readonly rounds = new Map<string, { readonly fills: number; readonly round: number }>();
  /** What no bot holds, summed of all fills: as it was after so many of them. */
  private readonly summed = new Map<AccountId, { readonly after: string; readonly held: readonly HandHolding[] }>();
  /** Why something is held at this moment, by account and instrument. */
  private whys: ReadonlyMap<string, Reason> = new Map();

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly holdings: HandHoldings,
    private readonly plans: OrderPlans,
    private readonly runPlans: RunPlans,
    private readonly states: AccountStates,
    private readonly halts: TradingHalts,
    private readonly dropChild: DropChild,
    private readonly bus: Bus,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {
    runPlans.obey({ endingOver: (member) => halts.endingOver(member), mayClose: (id) => this.mayClose(id) });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.lookQuietly(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Null: nothing is to be closed there. */
  whyHeld(accountId: AccountId, instrumentId: InstrumentId): Reason | null {
    return this.whys.get(`${accountId} ${instrumentId}`) ?? null;
  }

  async look(): Promise<void> {
    const whys = new Map<string, Reason>();
    if (this.halts.isFlattening()) {
      for (const account of this.venues.accounts()) {
        if (!this.ledger.isOpen(account.id) || !this.holdsByHand(account.id)) continue;
        for (const [instrumentId, why] of await this.flatten(account)) whys.set(`${account.id} ${instrumentId}`, why);
      }
    }
    if (whys.size === 0) for (const kept of [this.rounds, this.summed]) kept.clear();
    this.whys = whys;
  }

  /** The sum over all fills is made anew after each of them, and not twice a second. */
  private async held(accountId: AccountId): Promise<readonly HandHolding[]> {
    const byHand = this.ledger.positions(accountId).filter(({ botId }) => botId === null);
    const after = byHand.map(({ instrumentId, fills }) => `${instrumentId} ${fills}`).join();
    const known = this.summed.get(accountId);
    if (known?.after === after) return known.held;
    const held = await this.holdings.of(accountId);
    this.summed.set(accountId, { after, held });
    return held;
  }

  private holdsByHand(accountId: AccountId): boolean {
    return this.ledger.positions(accountId).some(({ botId, quantity }) => botId === null && quantity > 0n);
  }

  private async flatten(account: Account): Promise<readonly (readonly [InstrumentId, Reason])[]> {
    const told: (readonly [InstrumentId, Reason])[] = [];
    for (const holding of await this.held(account.id)) {
      const { userId, instrumentId, quantity } = holding;
      const member = { userId, instrumentId, accountId: account.id, botId: null };
      if (quantity <= 0n || this.halts.endingOver(member) !== 'flatten') continue;
      told.push([instrumentId, await this.flattenOne(account, holding)]);
    }
    return told;
  }

  /** @returns why it is not flat yet */
  private async flattenOne(account: Account, holding: HandHolding): Promise<Reason> {
    const { userId, instrumentId } = holding;
    const plans = (await this.runPlans.openOf(account.id)).filter(
      (plan) => plan.instrumentId === instrumentId && plan.userId === userId,
    );
    const closing = plans.find(({ terms }) => terms.kind === 'flatten');
    if (closing !== undefined) return closing.reason ?? whys.closing;
    const ending = plans.find(givesBack);
    if (ending !== undefined) return { code: 'PLAN_ENDS_FIRST', text: `the plan ${ending.id} ends first` };
    // While nothing can be sent, what protects stays where it is.
    if (!this.mayClose(account.id)) return whys.notConnected;
    const back = this.givingBack(account.id, instrumentId);
    const own = back.filter(({ order }) => order.request.userId === userId);
    if (own.length > 0) return this.cancel(own);
    return this.begin(account, holding, back);
  }

  /** Whether the stream of its news is there is no matter: orders do not go by it, and each is asked for until it is known. */
  private mayClose(accountId: AccountId): boolean {
    const venue = this.venues.venueOf(accountId) ?? null;
    return venue !== null && venue.circuit !== 'open' && this.states.mayPlace(accountId, 'close');
  }

  /** Working orders of no bot that give back of what is held there. */
  private givingBack(accountId: AccountId, instrumentId: InstrumentId): readonly TrackedOrder[] {
    return this.ledger.working(accountId).filter(({ order: { request } }) => {
      return request.botId === null && request.instrumentId === instrumentId && request.side === 'sell';
    });
  }

  private async cancel(orders: readonly TrackedOrder[]): Promise<Reason> {
    for (const { order } of orders) {
      const { accountId, clientOrderId } = order.request;
      if (order.cancelReason === null) await this.dropChild.drop({ accountId, clientOrderId, reason: 'flatten' });
    }
    const text = `${orders.map(({ order }) => `${order.request.clientOrderId} (${order.status})`).join(', ')} must end first`;
    return { code: 'ORDERS_END_FIRST', text };
  }

  private async begin(account: Account, holding: HandHolding, back: readonly TrackedOrder[]): Promise<Reason> {
    const { instrumentId, userId } = holding;
    const { instruments, lastPrices } = await this.bus.ask(instrumentsQuestion, { instrumentId }, askMs).catch(silence);
    const instrument = instruments.find(({ id }) => id === instrumentId);
    if (instrument === undefined) return whys.unlisted;
    const price = lastPrices.find((last) => last.instrumentId === instrumentId)?.price ?? null;
    const position = this.positionOf(account.id, instrumentId);
    const promised = back.reduce((sum, { order }) => sum + order.request.quantity - order.filledQuantity, 0n);
    const free = Quantity.fromUnits(position.quantity - promised);
    const quantity = Quantity.min(holding.quantity, free);
    if (quantity <= 0n || isDust(instrument, quantity, price)) return whys.dust;
    return this.next({ account, userId, instrument, quantity, fills: position.fills });
  }

  /** The first plan of this state of the position that is not over; who goes on after one that came to nothing waits a while. */
  private async next(wanted: Closing): Promise<Reason> {
    const { account, userId, instrument, fills } = wanted;
    const key = `${account.id} ${userId} ${instrument.id}`;
    const known = this.rounds.get(key);
    const from = known?.fills === fills ? known.round : 0;
    for (let round = from; round < from + roundsOfLook; round += 1) {
      const plan = flattenPlan({ ...wanted, round }, this.clock.now());
      const stored = await this.plans.find(userId, plan.id);
      if (stored === null && (await this.plans.isForgotten(plan.id))) continue;
      this.rounds.set(key, { fills, round });
      if (stored === null) return this.start(wanted, plan, round);
      const { plan: last } = await this.runPlans.carryOn(stored);
      if (!isPlanOver(last.status)) return last.reason ?? whys.closing;
      if (this.clock.now() - last.updatedAt < pauseAfter(round))
        return round < roundsOfDay ? (last.reason ?? whys.closing) : whys.givenUp;
    }
    this.rounds.set(key, { fills, round: from + roundsOfLook });
    return whys.closing;
  }

  /** The first after a day of them is told with it. */
  private async start({ account, userId, instrument, quantity }: Closing, plan: Plan, round: number): Promise<Reason> {
    const isTold = round === roundsOfDay;
    await this.runPlans.start(plan, isTold ? closeGivenUp(plan, quantity) : null);
    const about = { accountId: account.id, userId, instrumentId: instrument.id };
    if (isTold)
      this.log.error(about, 'what is held could not be closed for a day; from now on it is tried every five minutes');
    return whys.closing;
  }

  private positionOf(accountId: AccountId, instrumentId: InstrumentId) {
    const positions = this.ledger.positions(accountId);
    const found = positions.find((one) => one.botId === null && one.instrumentId === instrumentId);
    return found ?? { quantity: Quantity.zero, fills: 0 };
  }

  private lookQuietly(): void {
    if (this.looking) return;
    this.looking = true;
    this.look()
      .catch((error) => {
        stopOnBrokenInvariant(error);
        this.log.warn({ error }, 'what is held by hand could not be closed; once more in half a second');
      })
      .finally(() => {
        this.looking = false;
      });
  }
}

type Closing = Omit<Flattening, 'round'>;

const pauseAfter = (round: number): Micros =>
  round < roundsOfDay ? Math.min(roundMax, roundFirst * 2 ** Math.min(round, 10)) : roundAfterDay;

/** An order of it closes, or it sees itself to what it holds: before that has ended nobody knows what is left. */
const givesBack = (plan: Plan): boolean =>
  (plan.terms.kind === 'bracket' && unclosedOf(plan) > 0n) ||
  plan.children.some((child) => isLive(child) && child.leg !== 'entry' && plan.terms.side === 'sell');

const whys = {
  closing: { code: 'CLOSING', text: 'an order that closes it is on its way' },
  notConnected: {
    code: 'ACCOUNT_SENDS_NOTHING',
    text: 'nothing can be sent for the account; it is closed as soon as that is over',
  },
  unlisted: { code: 'INSTRUMENT_UNKNOWN', text: 'market-data does not say what the venue takes an order of' },
  givenUp: {
    code: 'CLOSE_GIVEN_UP',
    text: 'it was tried for a day and nothing was filled; it is tried every five minutes; close it by hand or at the venue',
  },
  dust: { code: 'DUST', text: 'it is less than the venue takes an order of' },
} as const;

function silence(error: unknown): { instruments: readonly never[]; lastPrices: readonly never[] } {
  if (error instanceof NoAnswer) return { instruments: [], lastPrices: [] };
  throw error;
}
