import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Side, TimeInForce } from '@scalpstorm/model';
import fc from 'fast-check';
import { assets, type FeeAsset, feeAssets, keys, middle, opening, Venue } from '../test/venue-with-state.js';
import type { Account } from './domain/account.js';
import type { Market } from './domain/market.js';
import { baseAmount, quoteAmount } from './domain/market-spec.js';
import type { VenueOrderType } from './domain/order-type.js';
import type { VenueOrder } from './domain/venue-order.js';

const folder = mkdtempSync(join(tmpdir(), 'sim-money-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What must be the same after a restart. */
const looks = (venue: Venue): unknown =>
  venue.accounts.map((account) => ({
    balances: [...account.balances],
    orders: account
      .allOrders()
      .map(({ market, fills, ...order }) => [
        market.spec.symbol,
        order,
        fills.map(({ order: _order, ...fill }) => fill),
      ]),
    open: [...account.open.keys()],
    fills: account.fills.all().map(({ order, ...fill }) => [order.id, fill]),
  }));

/** What an open order must hold, said in other words than the exchange's own. */
function held(order: VenueOrder, asset: string): bigint {
  const { spec } = order.market;
  const left = order.quantity - order.executed;
  if (order.side === 'sell') return asset === spec.base ? baseAmount(spec, left) : 0n;
  const isAtMarket = order.type === 'STOP_LOSS' || order.type === 'TAKE_PROFIT';
  return asset === spec.quote ? quoteAmount(spec, isAtMarket ? order.lockPrice : order.price, left) : 0n;
}

function checkMoney(venue: Venue): void {
  for (const asset of assets) {
    let total = venue.crowd.got.get(asset) ?? 0n;
    for (const account of venue.accounts) {
      const { free, locked } = account.balance(asset);
      expect(free >= 0n).toBe(true);
      expect(locked).toBe([...account.open.values()].reduce((sum, order) => sum + held(order, asset), 0n));
      const paid = account.fills.all().filter((fill) => fill.commissionAsset === asset);
      total += free + locked + paid.reduce((sum, fill) => sum + fill.commission, 0n);
    }
    expect(total).toBe(BigInt(keys.length) * opening[asset]);
  }
}

const kinds = [
  'LIMIT',
  'LIMIT_MAKER',
  'MARKET',
  'BY_QUOTE',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;
/** How an order of all that the account has free is placed. */
const wholes = ['ALL', 'ALL_BY_QUOTE', 'ALL_AT_STOP'] as const;
const isWhole = (what: Step['what']): what is (typeof wholes)[number] => wholes.some((whole) => whole === what);
const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...kinds) },
    { weight: 3, arbitrary: fc.constant('CROWD' as const) },
    { weight: 1, arbitrary: fc.constantFrom('CANCEL' as const, 'RESTART' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...wholes) },
  ),
  account: fc.constantFrom(0 as const, 1 as const),
  market: fc.constantFrom(0 as const, 1 as const),
  side: fc.constantFrom<Side>('buy', 'sell'),
  timeInForce: fc.constantFrom<TimeInForce>('GTC', 'GTC', 'IOC', 'FOK'),
  away: fc.integer({ min: -60, max: 60 }),
  stopAway: fc.integer({ min: -60, max: 60 }),
  trailingDelta: fc.constantFrom(0, 0, 10, 15),
  quantity: fc.integer({ min: 1_000, max: 60_000 }),
});

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function take(venue: Venue, wanted: Step): void {
  const { what, side, timeInForce, quantity } = wanted;
  const account = venue.accounts[wanted.account];
  const market = venue.market(wanted.market);
  if (account === undefined) throw new Error('two accounts were opened');
  const price = middle[wanted.market] + wanted.away;
  if (what === 'CROWD') {
    venue.crowdTrades(market, side, price, quantity);
    return;
  }
  if (what === 'RESTART') {
    const before = looks(venue);
    venue.restart();
    expect(looks(venue)).toEqual(before);
    return;
  }
  if (what === 'CANCEL') {
    const [open] = account.open.values();
    if (open !== undefined) venue.exchange.cancel(account, open, { cancelId: 'c', now: 1 });
    return;
  }
  if (isWhole(what)) {
    takeWhole(venue, account, { what, market, side, price });
    return;
  }
  const type: VenueOrderType = what === 'BY_QUOTE' ? 'MARKET' : what;
  const isAtMarket = type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT';
  const isContingent = type.startsWith('STOP') || type.startsWith('TAKE');
  venue.place(account, {
    ...{ market, side, type, selfTradePrevention: 'expire-maker' },
    timeInForce: type === 'LIMIT' || type.endsWith('_LIMIT') ? timeInForce : 'GTC',
    price: isAtMarket ? 0 : price,
    quantity: what === 'BY_QUOTE' ? 0 : quantity,
    quoteQuantity: what === 'BY_QUOTE' ? BigInt(quantity) * 10n ** 15n : 0n,
    stopPrice: isContingent ? middle[wanted.market] + wanted.stopAway : 0,
    trailingDelta: isContingent ? wanted.trailingDelta : 0,
  });
}

/** The account sells all that it has of the base, or spends all of the quote, over two levels of the crowd. */
function takeWhole(
  venue: Venue,
  account: Account,
  { what, market, side, price }: { what: (typeof wholes)[number]; market: Market; side: Side; price: number },
): void {
  const { spec } = market;
  const { free } = account.balance(side === 'sell' ? spec.base : spec.quote);
  const worse = side === 'sell' ? price - 1 : price + 1;
  const lots = Number(free / (side === 'sell' ? baseAmount(spec, 1) : quoteAmount(spec, worse, 1)));
  if (lots < 2) return;
  const half = Math.ceil(lots / 2);
  const [ours, theirs] = side === 'sell' ? (['sell', 'buy'] as const) : (['buy', 'sell'] as const);
  const isAtStop = what === 'ALL_AT_STOP';
  const isByQuote = what === 'ALL_BY_QUOTE';
  venue.crowdTrades(market, theirs, price, half + 1);
  venue.crowdTrades(market, theirs, worse, half + 1);
  const identity = {
    market,
    side,
    selfTradePrevention: 'none',
    timeInForce: 'GTC',
    price: 0,
    trailingDelta: 0,
  } as const;
  venue.place(account, {
    ...identity,
    type: isAtStop ? 'STOP_LOSS' : 'MARKET',
    quantity: isByQuote ? 0 : lots,
    quoteQuantity: isByQuote ? quoteAmount(spec, worse, lots) : 0n,
    stopPrice: isAtStop ? price : 0,
  });
  if (isAtStop) venue.crowdTrades(market, ours, price, 1);
}

/** Buys, leaves a stop, and trades through it: three fills and a stop that works, eight times. */
const eventful: readonly Step[] = Array.from({ length: 8 }).flatMap(() => {
  const common = { market: 0, timeInForce: 'GTC', trailingDelta: 0, stopAway: -5, quantity: 1_000 } as const;
  return [
    { ...common, what: 'CROWD', account: 0, side: 'sell', away: 1, quantity: 5_000 },
    { ...common, what: 'CROWD', account: 0, side: 'buy', away: -30, quantity: 5_000 },
    { ...common, what: 'MARKET', account: 0, side: 'buy', away: 0 },
    { ...common, what: 'STOP_LOSS', account: 0, side: 'sell', away: 0 },
    { ...common, what: 'MARKET', account: 1, side: 'sell', away: 0 },
  ] as const;
});

/** Each kind of whole order, sold and spent, with plenty of the asset that pays the fees. */
const wholly = feeAssets.flatMap((feeAsset) =>
  wholes.flatMap((what) =>
    (['sell', 'buy'] as const).map((side): [FeeAsset, Step[]] => {
      const usual = { account: 0, market: 1, timeInForce: 'GTC', away: 0, stopAway: 0, trailingDelta: 0 } as const;
      return [feeAsset, [{ ...usual, what, side, quantity: 1_000 }]];
    }),
  ),
);

test('whatever accounts, crowd and restarts do, no money comes or goes, and what is locked is what open orders hold', () => {
  let runs = 0;
  let filled = 0;
  let triggered = 0;
  let overLevels = 0;
  fc.assert(
    fc.property(fc.constantFrom(...feeAssets), fc.array(step, { minLength: 10, maxLength: 60 }), (feeAsset, steps) => {
      runs += 1;
      const venue = new Venue(join(folder, String(runs)), feeAsset);
      try {
        for (const one of steps) {
          take(venue, one);
          checkMoney(venue);
        }
        const before = looks(venue);
        venue.restart();
        expect(looks(venue)).toEqual(before);
        const orders = venue.accounts.flatMap((account) => account.allOrders());
        filled += venue.accounts.reduce((sum, account) => sum + account.fills.all().length, 0);
        triggered += orders.filter((order) => order.stopPrice > 0 && order.workingAt !== null).length;
        overLevels += orders.filter(({ status, fills }) => status === 'FILLED' && fills.length > 1).length;
      } finally {
        venue.end();
      }
    }),
    { numRuns: 60 + 1 + wholly.length, examples: [['BNB', [...eventful]], ...wholly] },
  );
  // The sequences were worth something: those that are always among them bring so much alone.
  expect(filled).toBeGreaterThanOrEqual(24);
  expect(triggered).toBeGreaterThanOrEqual(8);
  expect(overLevels).toBeGreaterThanOrEqual(wholly.length);
});
