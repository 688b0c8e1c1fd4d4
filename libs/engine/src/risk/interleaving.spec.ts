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
import { type Picture, restoreStanding } from './restore.js';
import { rich } from './scene.js';
import { applyOrder, botStanding, emptyStanding, reserve, type Standing } from './standing.js';
import { untouched } from './trading-in-force.js';

const instrument = exampleInstrument();
const request = exampleRequest();
const price = Price.of('100');
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
  clockOffsetMax: second,
  openOrdersPerBotMax: 20,
  openOrdersPerAccountMax: 40,
  ordersPerBotMax: 1000,
  ordersPerAccountMax: 1000,
  rateWindow: second,
  priceCollarBps: 10_000,
  marketDataAgeMax: second,
  marketDataLeadMax: second,
};

// A small world: bots ask, the gate decides, orders live and die in any interleaving, the gate restarts.

const bots = [1, 2, 3].map((number) => BotId.of(`bot_0000000${number}`));
const command = fc.record({
  what: fc.constantFrom(
    'open',
    'open',
    'open',
    'close',
    'advance',
    'advance',
    'advance',
    'repeat',
    'restart',
    'read',
    'begin',
  ),
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
  trading: untouched,
  recovering: false,
  instrument,
  market: { feed: 'live', bid: price, ask: price, last: price, occurredAt: at(0) },
  marks: new Map([[instrument.id, price]]),
  seenBefore: false,
  funds: rich(at(0)),
  reconciled: true,
  venueClock: { offset: 0, uncertainty: 0, measuredAt: at(0) },
  elsewhere: { user: () => 0n, venue: () => 0n },
};

class World {
  standing = empty;
  readonly orders: Order[] = [];
  readonly fills: { bot: number; fill: Fill }[] = [];
  private requests = 0;
  private readonly told = new Set<string>();
  private reading: { readonly atReading: Standing; readonly picture: Picture } | null = null;

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

  /** The books are read while things go on: what is heard in between is heard again. */
  begin(): void {
    const positions = bots.map((_, bot) => this.position(bot));
    const picture = { positions, orders: this.committed(), knownSince: null };
    this.reading = { atReading: this.standing, picture };
  }

  read(): void {
    const { reading } = this;
    this.reading = null;
    if (reading === null) return;
    const { atReading, picture } = reading;
    const instruments = new Map([[instrument.id, instrument]]);
    this.standing = restoreStanding(second, picture, instruments, { atReading, now: this.standing });
    for (const heard of this.committed()) this.standing = applyOrder(this.standing, heard, instrument);
  }

  repeat(pick: number): void {
    const again = this.orders[pick % Math.max(this.orders.length, 1)];
    if (again === undefined) return;
    this.told.add(again.request.clientOrderId);
    this.standing = applyOrder(this.standing, again, instrument);
  }

  /** Those of which execution has told; the others are approved and no more. */
  private committed(): Order[] {
    return this.orders.filter(({ version, request }) => version > 0 || this.told.has(request.clientOrderId));
  }

  restart(): void {
    this.reading = null;
    for (const { request } of this.orders) this.told.add(request.clientOrderId);
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
          if (what === 'begin') world.begin();
          if (what === 'read') world.read();
          if (what === 'repeat') world.repeat(pick);
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
          expect(userExposureOf(world.standing, limits, context.marks, userId).amount).toBe(ofOneUser(world, seen));
          expect(venueExposureOf(world.standing, limits, context.marks, instrument.venue).amount).toBe(seen);
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
