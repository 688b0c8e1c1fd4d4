import type { Timestamp } from '@scalpstorm/kernel';
import type { Currency, InstrumentId } from '@scalpstorm/model';
import { rateOf } from './fees.js';
import type { LaneMarketRules } from './lane-options.js';
import type { Listing } from './venue.js';
import type { Wallet } from './wallet.js';

const funded = 8 * 3_600_000_000;
/** Money × price × rate: 10^-18 × 10^-12 × 10^-12, told in 10^-18. */
const unit = 10n ** 24n;

export interface FundingPayment {
  readonly instrumentId: InstrumentId;
  readonly at: Timestamp;
  /** 10^-12 of the value. */
  readonly rate: bigint;
  /** What the account got, in 10^-18 of the quote; below 0 it paid. */
  readonly amount: bigint;
}

/** What who holds a perpetual pays to the other side: position × last price × rate, rounded against the account. */
export class Funding {
  readonly payments: FundingPayment[] = [];
  private readonly constant: bigint | null;

  constructor(
    { fundingRate, market }: Pick<LaneMarketRules, 'fundingRate' | 'market'>,
    private readonly wallet: Wallet,
    private readonly quote: Currency,
  ) {
    this.constant = market === 'perpetual' && fundingRate !== null ? rateOf(fundingRate) : null;
  }

  /** When the constant rate is due next; null: there is none. */
  nextAfter(at: number): number | null {
    return this.constant === null ? null : (Math.floor(at / funded) + 1) * funded;
  }

  payConstant(listing: Listing, now: Timestamp): void {
    if (this.constant !== null) this.pay(listing, this.constant, now);
  }

  pay({ instrument, market }: Listing, rate: bigint, at: Timestamp): void {
    const held = this.wallet.total(instrument.base);
    const ticks = BigInt(market.view.last || market.view.bid);
    if (held === 0n || ticks === 0n) return;
    const product = -held * ticks * instrument.tickSize * rate;
    const amount = product < 0n ? -((-product + unit - 1n) / unit) : product / unit;
    if (amount === 0n) return;
    this.wallet.move({ currency: this.quote, amount });
    this.payments.push({ instrumentId: instrument.id, at, rate, amount });
  }
}
