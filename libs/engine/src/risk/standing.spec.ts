import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  type Fill,
  isFinal,
  Money,
  type Order,
  type OrderEvent,
  type OrderRequest,
  Price,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import fc from 'fast-check';
import { applyOrderEvent, createOrder } from '../orders/order.js';
import { applyFill, emptyPosition } from '../portfolio/position.js';
import { at, exampleFill, exampleInstrument, exampleRequest, usdt } from '../testing.js';
import { closable } from './bot-standing.js';
import { decide } from './decide.js';
import { exposureOf, userExposureOf, venueExposureOf } from './exposure.js';
import type { RiskContext, RiskLimits } from './policy.js';
import { rich } from './scene.js';
import {
  applyOrder,
  botStanding,
  emptyStanding,
  releaseReservation,
  reserve,
  restoreStanding,
  type Standing,
} from './standing.js';

const instrument = exampleInstrument();
const request = exampleRequest();
const price = Price.of('100');
const reserveIt = (standing: Standing, wanted = request) =>
  reserve(standing, { request: wanted, instrument, referencePrice: price, approvedAt: at(0) });
const order = (changes: Partial<Order>): Order => ({ ...createOrder(request, usdt, at(0)), ...changes });
const empty = emptyStanding(second);
const limits: RiskLimits = {
  currency: usdt,
  orderNotionalMax: Money.of('400', 'USDT'),
  botPositionMax: Money.of('500', 'USDT'),
  accountExposureMax: Money.of('900', 'USDT'),
  userExposureMax: Money.of('900', 'USDT'),
  venueExposureMax: Money.of('900', 'USDT'),
  identicalOrdersMax: 1000,
  balanceAgeMax: second,
  openOrdersPerBotMax: 20,
  openOrdersPerAccountMax: 40,
  ordersPerBotMax: 1000,
  ordersPerAccountMax: 1000,
  rateWindow: second,
  priceCollarBps: 10_000,
  marketDataAgeMax: second,
  marketDataLeadMax: second,
};
const exposure = (standing: Standing): bigint =>
  exposureOf(standing, limits, new Map([[instrument.id, price]]))?.amount ?? -1n;
const usd = (amount: string): bigint => Money.of(amount, 'USDT').amount;

describe('a standing', () => {
  it('keeps the risk of an order from the approval until its end, in doubt too', () => {
    const steps = [
      reserveIt(empty),
      applyOrder(reserveIt(empty), order({ status: 'sending', version: 1 }), instrument),
      applyOrder(reserveIt(empty), order({ status: 'unknown', version: 2 }), instrument),
    ];
    expect(steps.map(exposure)).toEqual([usd('100'), usd('100'), usd('100')]);
    const ended = applyOrder(reserveIt(empty), order({ status: 'rejected', version: 3 }), instrument);
    expect(exposure(ended)).toBe(0n);
    expect(ended.openOrders).toBe(0);
    expect(ended.instruments.get(instrument.id)?.buys).toEqual([]);
  });

  it('gives back a reservation of which nothing was heard, and no other', () => {
    expect(exposure(releaseReservation(reserveIt(empty), request, instrument))).toBe(0n);
    const heard = applyOrder(reserveIt(empty), order({ status: 'initialized', version: 0 }), instrument);
    expect(releaseReservation(heard, request, instrument)).toBe(heard);
  });

  it('ignores a version that it has seen, also after the end', () => {
    const filled = order({ status: 'filled', version: 5, filledQuantity: request.quantity });
    const standing = applyOrder(reserveIt(empty), filled, instrument);
    expect(applyOrder(standing, order({ status: 'accepted', version: 3 }), instrument)).toBe(standing);
    expect(applyOrder(standing, filled, instrument)).toBe(standing);
    expect(reserveIt(standing)).toBe(standing);
  });

  it('books a late fill of a canceled order once', () => {
    const canceled = applyOrder(empty, order({ status: 'canceled', version: 3 }), instrument);
    const late = order({ status: 'canceled', version: 4, filledQuantity: Quantity.of('0.4') });
    const once = applyOrder(canceled, late, instrument);
    const twice = applyOrder(once, late, instrument);
    expect(botStanding(twice, request.botId).positions.get(instrument.id)).toBe(Quantity.of('0.4'));
  });

  it('is rebuilt from positions and orders without booking a fill twice', () => {
    const working = order({ status: 'partially-filled', version: 4, filledQuantity: Quantity.of('0.4') });
    const live = applyOrder(reserveIt(empty), working, instrument);
    const owner = { accountId: AccountId.of('demo'), botId: request.botId, instrumentId: instrument.id };
    const position = { ...emptyPosition(owner, usdt, at(0)), quantity: Quantity.of('0.4') };
    const rebuilt = restoreStanding(
      second,
      { positions: [position], orders: [working], knownSince: null },
      new Map([[instrument.id, instrument]]),
    );
    expect(exposure(rebuilt)).toBe(exposure(live));
    expect(rebuilt.openOrders).toBe(1);
    expect(applyOrder(rebuilt, working, instrument)).toBe(rebuilt);
  });
});

// A small world: bots ask, the gate decides, orders live and die in any interleaving, the gate restarts.

const bots = [1, 2, 3].map((number) => BotId.of(`bot_0000000${number}`));
const command = fc.record({
  what: fc.constantFrom('open', 'open', 'open', 'close', 'advance', 'advance', 'advance', 'repeat', 'restart'),
  bot: fc.nat({ max: 2 }),
  side: fc.constantFrom('buy', 'sell'),
  tenths: fc.integer({ min: 1, max: 45 }),
  pick: fc.nat(),
  happening: fc.constantFrom(
    'sending',
    'outcome-unknown',
    'accepted',
    'filled',
    'filled',
    'canceled',
    'rejected',
    'expired',
  ),
  fee: fc.boolean(),
});
const context: RiskContext = {
  now: at(0),
  tradingState: 'active',
  recovering: false,
  instrument,
  market: { feed: 'live', bid: price, ask: price, last: price, occurredAt: at(0) },
  marks: new Map([[instrument.id, price]]),
  seenBefore: false,
  funds: rich(at(0)),
  elsewhere: { user: Money.of('0', 'USDT'), venue: Money.of('0', 'USDT') },
};

class World {
  standing = empty;
  readonly orders: Order[] = [];
  readonly fills: { bot: number; fill: Fill }[] = [];
  private requests = 0;

  ask(bot: number, side: 'buy' | 'sell', quantity: Quantity, purpose: 'open' | 'close'): string {
    const botId = bots[bot] ?? null;
    const id = `r${this.requests}`;
    this.requests += 1;
    // Own orders never cross in this world: the self-trade check has its own test.
    const at99 = side === 'buy' ? Price.of('99.99') : Price.of('100.01');
    const wanted: OrderRequest = exampleRequest({
      clientOrderId: ClientOrderId.of(id),
      botId,
      side,
      quantity,
      purpose,
      price: at99,
    });
    const verdict = decide(wanted, this.standing, limits, {
      ...context,
      now: at(this.requests),
      funds: rich(at(this.requests)),
      market: { feed: 'live', bid: price, ask: price, last: price, occurredAt: at(this.requests) },
    });
    if (verdict.kind === 'denied') return verdict.denial.code;
    this.standing = reserve(this.standing, {
      request: wanted,
      instrument,
      referencePrice: price,
      approvedAt: at(this.requests),
    });
    this.orders.push(createOrder(wanted, usdt, at(this.requests)));
    return 'approved';
  }

  advance(pick: number, kind: OrderEvent['kind'], tenths: number, fee: boolean): void {
    const index = pick % Math.max(this.orders.length, 1);
    const before = this.orders[index];
    // A fill after the end comes on top of whatever was approved since; no gate can prevent that.
    if (!before || (kind === 'filled' && isFinal(before.status))) return;
    const left = Quantity.minus(before.request.quantity, before.filledQuantity);
    const quantity = Quantity.min(Quantity.of(`${tenths / 10}`), left);
    const fill = exampleFill({
      tradeId: TradeId.of(`t${this.fills.length}`),
      clientOrderId: before.request.clientOrderId,
      side: before.request.side,
      quantity,
      fee:
        fee && before.request.side === 'buy'
          ? { amount: quantity * 1000n, currency: instrument.base }
          : Money.zero(usdt),
    });
    const reason = { code: 'VENUE_SAID', text: '' };
    const event: OrderEvent =
      kind === 'filled'
        ? { kind, fill }
        : kind === 'accepted'
          ? { kind, venueOrderId: VenueOrderId.of('v') }
          : kind === 'sending'
            ? { kind, attempt: 0, expiresAt: at(0) }
            : kind === 'canceled' || kind === 'rejected' || kind === 'expired' || kind === 'outcome-unknown'
              ? { kind, reason }
              : { kind: 'submitted' };
    const result = applyOrderEvent(before, event, at(0), new Set());
    if (!result.ok) return;
    if (event.kind === 'filled') {
      this.fills.push({ bot: bots.indexOf(before.request.botId ?? BotId.of('bot_00000001')), fill });
    }
    this.orders[index] = result.value;
    this.standing = applyOrder(this.standing, result.value, instrument);
  }

  restart(): void {
    const positions = bots.map((_, bot) => this.position(bot));
    const picture = { positions, orders: this.orders, knownSince: null };
    this.standing = restoreStanding(second, picture, new Map([[instrument.id, instrument]]));
  }

  position(bot: number) {
    const owner = { accountId: AccountId.of('demo'), botId: bots[bot] ?? null, instrumentId: instrument.id };
    return this.fills
      .filter((entry) => entry.bot === bot)
      .reduce((position, entry) => applyFill(position, entry.fill, instrument), emptyPosition(owner, usdt, at(0)));
  }

  /** The exposure by a naive walk over the truth, apart from the standing's own sums. */
  trueExposure(): bigint {
    let total = 0n;
    for (const [bot, botId] of bots.entries()) {
      let long: bigint = this.position(bot).quantity;
      let short = long;
      for (const working of this.orders) {
        if (working.request.botId !== botId || isFinal(working.status)) continue;
        const left = working.request.quantity - working.filledQuantity;
        if (working.request.side === 'buy') long += left;
        else short -= left;
      }
      const worst = long > -short ? long : -short;
      total += (worst * price) / 10n ** 6n;
    }
    return total;
  }
}

/** Every order of this world is one user's; positions alone tell nobody's name, and count where the user trades. */
const ofOneUser = (world: World, all: bigint | undefined): bigint | undefined =>
  world.standing.users.has(request.userId) ? all : 0n;

describe('under any interleaving', () => {
  it('approved orders never take the account or a bot above its limit, and a close is never blocked', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const world = new World();
        for (const { what, bot, side, tenths, pick, happening, fee } of commands) {
          if (what === 'open') world.ask(bot, side, Quantity.of(`${tenths / 10}`), 'open');
          if (what === 'advance') world.advance(pick, happening, tenths, fee);
          if (what === 'restart') world.restart();
          if (what === 'repeat') {
            const again = world.orders[pick % Math.max(world.orders.length, 1)];
            if (again) world.standing = applyOrder(world.standing, again, instrument);
          }
          if (what === 'close') {
            const botId = bots[bot] ?? null;
            const most = closable(botStanding(world.standing, botId), instrument.id, side);
            const whole = Quantity.floorTo(most, instrument.stepSize);
            if (whole > 0n) expect(world.ask(bot, side, whole, 'close')).toBe('approved');
            expect(world.ask(bot, side, Quantity.fromUnits(whole + instrument.stepSize), 'close')).toBe(
              'EXCEEDS_POSITION',
            );
          }
          const seen = exposureOf(world.standing, limits, context.marks)?.amount;
          expect(seen).toBe(world.trueExposure());
          const { userId } = request;
          expect(userExposureOf(world.standing, limits, context.marks, userId)?.amount).toBe(ofOneUser(world, seen));
          expect(venueExposureOf(world.standing, limits, context.marks, instrument.venue)?.amount).toBe(seen);
          expect(world.trueExposure() <= limits.accountExposureMax.amount).toBe(true);
          for (const [index, botId] of bots.entries()) {
            const held = botStanding(world.standing, botId).positions.get(instrument.id) ?? 0n;
            expect(held).toBe(world.position(index).quantity);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
