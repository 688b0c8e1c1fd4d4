import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import type { Side, TimeInForce } from '@scalpstorm/model';
import fc from 'fast-check';
import { SqliteJournal } from './adapters/sqlite-journal.js';
import type { Account, Credentials } from './domain/account.js';
import { crowdOwner, Exchange } from './domain/exchange.js';
import type { Fees } from './domain/fees.js';
import { Market, type PublicTrade } from './domain/market.js';
import { baseAmount, quoteAmount } from './domain/market-spec.js';
import type { VenueOrderType } from './domain/order-type.js';
import { restoreState } from './domain/restore.js';
import { syntheticSpec } from './domain/synthetic/default-markets.js';
import { VenueNews } from './domain/venue-news.js';
import type { NewOrder, VenueOrder } from './domain/venue-order.js';

const folder = mkdtempSync(join(tmpdir(), 'sim-money-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const symbols = ['BTC-USDT', 'BNB-USDT'] as const;
const assets = ['BTC', 'BNB', 'USDT'] as const;
const middle = [6_000_000, 60_000] as const;
const keys: readonly Credentials[] = ['a', 'b'].map((apiKey) => ({ apiKey, secret: 's' }));
// So little of the fee asset that it runs out, so much of the rest that most orders are placed.
const opening = { BTC: 10n ** 18n, BNB: 3n * 10n ** 14n, USDT: 10n ** 23n } as const;
const fees: Fees = { maker: 100_000n, taker: 123_457n, asset: { name: 'BNB', opening: opening.BNB, fixedPrice: null } };

/** What the crowd, which has no account, gave and got. */
class CrowdBooks extends VenueNews {
  readonly got = new Map<string, bigint>();

  traded({ spec }: Market, { price, quantity, buyerOrderId, sellerOrderId }: PublicTrade): void {
    const [base, quote] = [baseAmount(spec, quantity), quoteAmount(spec, price, quantity)];
    if (buyerOrderId === 0) this.add(spec.base, base, spec.quote, quote);
    if (sellerOrderId === 0) this.add(spec.quote, quote, spec.base, base);
  }
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}

  private add(gets: string, amount: bigint, gives: string, price: bigint): void {
    this.got.set(gets, (this.got.get(gets) ?? 0n) + amount);
    this.got.set(gives, (this.got.get(gives) ?? 0n) - price);
  }
}

/** A venue of two markets in a state directory, which can end and begin again. */
class Venue {
  readonly crowd = new CrowdBooks();
  exchange: Exchange;
  private journal: SqliteJournal;
  private ids = 0;

  constructor(private readonly path: string) {
    [this.exchange, this.journal] = this.open();
    this.exchange.atomically(() => {
      for (const key of keys) {
        const account = this.exchange.openAccount(key);
        for (const asset of assets) account.deposit(asset, opening[asset]);
      }
    });
  }

  restart(): void {
    this.journal.close();
    [this.exchange, this.journal] = this.open();
  }

  end(): void {
    this.journal.close();
  }

  get accounts(): readonly Account[] {
    return this.exchange.allAccounts();
  }

  market(index: 0 | 1): Market {
    const market = this.exchange.allMarkets()[index];
    if (market === undefined) throw new Error('two markets were opened');
    return market;
  }

  crowdTrades(market: Market, side: Side, price: number, quantity: number): void {
    const order = { id: this.exchange.nextCrowdId(), owner: crowdOwner, side, price, quantity } as const;
    this.exchange.placeForCrowd(
      market,
      { ...order, type: 'limit', timeInForce: 'GTC', selfTradePrevention: 'none' },
      1,
    );
  }

  place(account: Account, wish: Omit<NewOrder, 'clientOrderId'>): void {
    this.ids += 1;
    this.exchange.place(account, { ...wish, clientOrderId: `o${this.ids}` }, 1);
  }

  private open(): [Exchange, SqliteJournal] {
    const { journal, saved } = SqliteJournal.open(this.path, { reset: false });
    const exchange = new Exchange(this.crowd, fees, journal);
    for (const symbol of symbols) {
      const spec = syntheticSpec(symbol);
      const market = new Market(spec, new OrderBook(), saved.markets.get(spec.wireSymbol)?.tradeIdMax);
      exchange.addMarket(market);
    }
    restoreState(exchange, saved, { keys, now: 1 });
    exchange.saveMarkets();
    return [exchange, journal];
  }
}

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
const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...kinds) },
    { weight: 3, arbitrary: fc.constant('CROWD' as const) },
    { weight: 1, arbitrary: fc.constantFrom('CANCEL' as const, 'RESTART' as const) },
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

test('whatever accounts, crowd and restarts do, no money comes or goes, and what is locked is what open orders hold', () => {
  let runs = 0;
  let filled = 0;
  let triggered = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      runs += 1;
      const venue = new Venue(join(folder, String(runs)));
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
      } finally {
        venue.end();
      }
    }),
    { numRuns: 61, examples: [[[...eventful]]] },
  );
  // The sequences were worth something: the eventful one alone brings so much.
  expect(filled).toBeGreaterThanOrEqual(24);
  expect(triggered).toBeGreaterThanOrEqual(8);
});
