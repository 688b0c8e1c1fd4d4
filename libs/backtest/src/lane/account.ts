import type { Funds, PairFunds } from '@scalpstorm/engine';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import {
  type ClientOrderId,
  type Currency,
  type Instrument,
  Money,
  notional,
  type OrderRequest,
  type Price,
} from '@scalpstorm/model';
import type { Listing } from './venue.js';
import type { Wallet } from './wallet.js';

/** Price × money counts 10^-30 of the quote. */
const priceUnit = 10n ** 12n;

/** What the account is worth and may spend, as everybody who decides about it sees it. */
export class Account {
  private readonly onTheWay = new Map<ClientOrderId, OrderRequest>();

  constructor(
    private readonly wallet: Wallet,
    private readonly listings: readonly Listing[],
    private readonly isSpot: boolean,
    readonly quote: Currency,
  ) {}

  /** Approved, and not at the venue yet: what it needs is promised. */
  leaves(request: OrderRequest): void {
    this.onTheWay.set(request.clientOrderId, request);
  }

  arrives({ clientOrderId }: OrderRequest): void {
    this.onTheWay.delete(clientOrderId);
  }

  /** Cash and everything held at its last price, in 10^-18 of the quote, rounded down. */
  equity(): bigint {
    return this.listings.reduce((sum, listing) => sum + this.valueOf(listing), this.wallet.total(this.quote));
  }

  funds(asOf: Timestamp): Funds {
    const promised = new Map<Currency, bigint>();
    for (const request of this.onTheWay.values()) this.promise(promised, request);
    return { free: this.isSpot ? this.freeOnSpot() : this.freeOnMargin(), promised, asOf };
  }

  pair({ base, quote }: Instrument): PairFunds {
    const of = (currency: Currency) => ({
      currency,
      free: { currency, amount: this.wallet.free(currency) },
      locked: { currency, amount: this.wallet.locked(currency) },
    });
    return { base: of(base), quote: of(quote) };
  }

  private freeOnSpot(): Map<Currency, bigint> {
    return new Map(this.wallet.balances().map(({ currency }) => [currency, this.wallet.free(currency)]));
  }

  /** At leverage 1 what is opened is covered by what the account is worth beyond the value of what it holds already. */
  private freeOnMargin(): Map<Currency, bigint> {
    const used = this.listings.reduce((sum, listing) => sum + absolute(this.valueOf(listing)), 0n);
    const spare = this.equity() - used;
    const cover = spare > 0n ? spare : 0n;
    const free = new Map([[this.quote, cover]]);
    for (const { instrument, market } of this.listings) {
      const held = this.wallet.total(instrument.base);
      const price = BigInt(market.view.last || market.view.bid) * instrument.tickSize;
      const sellable = price === 0n ? 0n : (cover * priceUnit) / price;
      free.set(instrument.base, sellable + (held > 0n ? held : 0n));
    }
    return free;
  }

  private promise(promised: Map<Currency, bigint>, request: OrderRequest): void {
    const listing = this.listings.find(({ instrument }) => instrument.id === request.instrumentId);
    assert(listing !== undefined, 'an order for an instrument of another run');
    const { instrument, scale, market } = listing;
    const isBuy = request.side === 'buy';
    const currency = isBuy ? instrument.quote : instrument.base;
    const price: Price = request.price ?? scale.price(market.view.ask);
    const amount = isBuy
      ? notional(price, request.quantity, instrument.quote).amount
      : Money.fromQuantity(request.quantity, instrument.base).amount;
    promised.set(currency, (promised.get(currency) ?? 0n) + amount);
  }

  private valueOf({ instrument, market }: Listing): bigint {
    const { last, bid, ask } = market.view;
    const ticks = last > 0 ? BigInt(last) * 2n : BigInt(bid + ask);
    const product = this.wallet.total(instrument.base) * ticks * instrument.tickSize;
    const value = product / (2n * priceUnit);
    return product < 0n && product % (2n * priceUnit) !== 0n ? value - 1n : value;
  }
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
