import { Injectable } from '@nestjs/common';
import type { OrderChanged } from '@scalpstorm/contracts';
import { isFailing, slippageBps } from '@scalpstorm/engine';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  type BotId,
  type ClientOrderId,
  isFinal,
  type Order,
  type OrderRequest,
  Price,
  RiskScope,
  VenueId,
} from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { BreakerRules } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { OrderOutcomes } from '../domain/order-outcomes.js';
import type { Tripped } from '../ports/trips.js';
import { Breakers } from './breakers.js';
import { Gate } from './gate.js';

/** Approved orders that go to the market at once, of which no end was heard; the oldest are forgotten. */
const referencesMax = 20_000;
const botsMax = 20_000;

/** What fails on one account alone may be its own fault, a key or a bot, and halts nobody else. */
const venueAccountsMin = 2;

/** What an order asked of the market, and what a person or the gate has said: no failure of the venue or of the account. */
const expected: ReadonlySet<string> = new Set([
  ...['WOULD_TAKE', 'WOULD_TRIGGER', 'PRICE_OUT_OF_BAND', 'CYCLE_IS_OVER', 'PLAN_BEHIND_VENUE', 'APPROVAL_EXPIRED'],
  ...['TRADING_HALTED', 'TRADING_REDUCING', 'ACCOUNT_NOT_RECONCILED', 'VENUE_CIRCUIT_OPEN'],
]);

interface Reference {
  readonly price: Price;
  /** Of the newest word of the order: what is told again counts once. */
  readonly version: number;
}

/** Holds accounts and venues where orders fail, and bots whose fills are worse than the market was. In memory, and off until it is set. */
@Injectable()
export class WatchOrders {
  private readonly references = new Map<ClientOrderId, Reference>();
  private readonly slips = new Map<BotId, readonly number[]>();
  private readonly outcomes = new Map<string, OrderOutcomes>();

  constructor(
    private readonly market: MarketViews,
    private readonly gate: Gate,
    private readonly breakers: Breakers,
    private readonly rules: BreakerRules,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** What the market was when a market order was approved. One that waits for its trigger meets another one. */
  approved({ clientOrderId, botId, type, trigger, instrumentId }: OrderRequest): void {
    if (this.rules.orders.slippageBpsMax === null || botId === null || type !== 'market' || trigger !== undefined)
      return;
    const { bid = null, ask = null, last = null } = this.market.get(instrumentId) ?? {};
    const price = bid !== null && ask !== null ? Price.fromUnits((bid + ask) / 2n) : last;
    if (price === null || this.references.has(clientOrderId)) return;
    dropOldest(this.references, referencesMax);
    this.references.set(clientOrderId, { price, version: -1 });
  }

  changed({ meta, order, event }: OrderChanged): void {
    if (!this.breakers.isRunning) return;
    if (event.kind === 'filled') this.noteFill(order, event.fill.price);
    if (isFinal(order.status)) this.references.delete(order.request.clientOrderId);
    const { window } = this.rules.orders;
    if (meta.occurredAt <= this.clock.now() - window) return;
    if (event.kind === 'accepted' || event.kind === 'filled') this.noteOutcome(order, false, meta.occurredAt);
    const isFailure = event.kind === 'rejected' && !expected.has(event.reason.code);
    if (isFailure || event.kind === 'outcome-unknown') this.noteOutcome(order, true, meta.occurredAt);
  }

  private noteFill({ request, version }: Order, price: Price): void {
    const { slippageBpsMax: max, slippageFills: fills } = this.rules.orders;
    const { clientOrderId, botId, side, userId } = request;
    const reference = this.references.get(clientOrderId);
    if (max === null || botId === null || reference === undefined || version <= reference.version) return;
    this.references.set(clientOrderId, { ...reference, version });
    const slips = [...(this.slips.get(botId) ?? []), slippageBps(side, reference.price, price)].slice(-fills);
    if (!this.slips.has(botId)) dropOldest(this.slips, botsMax);
    this.slips.set(botId, slips);
    const average = slips.reduce((sum, slip) => sum + slip, 0) / slips.length;
    if (slips.length < fills || average <= max) return;
    this.slips.delete(botId);
    const value = `${average.toFixed(2)} bps`;
    this.trip({
      ...{ scope: RiskScope.bot(botId), ownerId: userId, breaker: 'slippage', limit: `${max} bps`, value },
      text: `Slippage: ${value} worse than the market at the approval, over the last ${fills} fills, at most ${max}`,
    });
  }

  private noteOutcome({ request }: Order, failed: boolean, at: Timestamp): void {
    const { accountPercentMax, venuePercentMax } = this.rules.orders;
    const { accountId, instrumentId } = request;
    const venue = VenueId.of(instrumentId.slice(0, instrumentId.indexOf(':')));
    const circles = [
      [{ scope: RiskScope.account(accountId), ownerId: this.gate.ownerOf(accountId) }, accountPercentMax],
      [{ scope: RiskScope.venue(venue), ownerId: null }, venuePercentMax],
    ] as const;
    for (const [whose, max] of circles) if (max !== null) this.judge(whose, max, { request, failed, at });
  }

  private judge(
    { scope, ownerId }: Pick<Tripped, 'scope' | 'ownerId'>,
    percentMax: number,
    { request, failed, at }: { readonly request: OrderRequest; readonly failed: boolean; readonly at: Timestamp },
  ): void {
    const { ordersMin, window } = this.rules.orders;
    const key = RiskScope.format(scope);
    const outcomes = this.outcomes.get(key) ?? new OrderOutcomes();
    this.outcomes.set(key, outcomes);
    outcomes.note(request, failed, { at, window });
    const { counts } = outcomes;
    if (!failed || !isFailing(counts, { percentMax, ordersMin })) return;
    if (scope.kind === 'venue' && outcomes.accounts < venueAccountsMin) return;
    outcomes.clear();
    const value = `${counts.failed} of ${counts.orders}`;
    this.trip({
      ...{ scope, ownerId, breaker: 'order-failures', limit: `${percentMax} %`, value },
      text: `Order failures: ${value} orders within ${window / second} s, at most ${percentMax} %`,
    });
  }

  private trip(found: Pick<Tripped, 'scope' | 'ownerId' | 'breaker' | 'limit' | 'value' | 'text'>): void {
    const { state, coolDown, needsPerson } = this.rules;
    const until = Timestamp.plus(this.clock.now(), coolDown);
    // It holds from the call on, and the next event waits for no disk.
    this.breakers.trip({ ...found, state, until, needsPerson }).catch((error: unknown) => {
      this.log.error(
        { scope: RiskScope.format(found.scope), error },
        'a breaker holds, but that could not be written down',
      );
    });
  }
}

function dropOldest<Key>(map: Map<Key, unknown>, max: number): void {
  const [oldest] = map.keys();
  if (map.size >= max && oldest !== undefined) map.delete(oldest);
}
