import { OrderBook } from '@scalpstorm/matching';
import type { Side } from '@scalpstorm/model';
import { SqliteJournal } from '../src/adapters/sqlite-journal.js';
import type { Account, Credentials } from '../src/domain/account.js';
import { crowdOwner, Exchange } from '../src/domain/exchange.js';
import type { Fees } from '../src/domain/fees.js';
import { Market, type PublicTrade } from '../src/domain/market.js';
import { baseAmount, quoteAmount } from '../src/domain/market-spec.js';
import { restoreState } from '../src/domain/restore.js';
import { syntheticSpec } from '../src/domain/synthetic/default-markets.js';
import { VenueNews } from '../src/domain/venue-news.js';
import type { NewOrder } from '../src/domain/venue-order.js';

const symbols = ['BTC-USDT', 'BNB-USDT'] as const;
export const assets = ['BTC', 'BNB', 'USDT'] as const;
export const middle = [6_000_000, 60_000] as const;
export const keys: readonly Credentials[] = ['a', 'b'].map((apiKey) => ({ apiKey, secret: 's' }));
// So little of the fee asset that it runs out, so much of the rest that most orders are placed.
export const opening = { BTC: 10n ** 18n, BNB: 3n * 10n ** 14n, USDT: 10n ** 23n } as const;
const rates = { maker: 100_000n, taker: 123_457n };
export const feeAssets = ['BNB', 'USDT'] as const;
export type FeeAsset = (typeof feeAssets)[number];
const feesIn: Readonly<Record<FeeAsset, Fees>> = {
  BNB: { ...rates, asset: { name: 'BNB', opening: opening.BNB, fixedPrice: null } },
  USDT: { ...rates, asset: { name: 'USDT', opening: opening.USDT, fixedPrice: 10n ** 8n } },
};

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
export class Venue {
  readonly crowd = new CrowdBooks();
  exchange: Exchange;
  private journal: SqliteJournal;
  private ids = 0;

  constructor(
    private readonly path: string,
    private readonly feeAsset: FeeAsset,
  ) {
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
    const exchange = new Exchange(this.crowd, feesIn[this.feeAsset], journal);
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
