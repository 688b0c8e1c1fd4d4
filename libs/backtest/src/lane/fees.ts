import { assert } from '@scalpstorm/kernel';
import {
  type Currency,
  type Instrument,
  Money,
  notional,
  type Price,
  parseDecimal,
  type Quantity,
  type Side,
} from '@scalpstorm/model';
import type { FeeTier, LaneMarketRules } from './lane-options.js';

const rateDecimals = 12;
const rateUnit = 10n ** BigInt(rateDecimals);
const dayMicros = 86_400_000_000;
const windowDays = 30;

interface Rates {
  readonly volumeMin: bigint;
  readonly maker: bigint;
  readonly taker: bigint;
  readonly dearest: bigint;
}

/** What the venue keeps of each fill: the rate of the volume of the thirty days before this one, rounded up to 10^-18. */
export class FeeBook {
  private readonly tiers: readonly Rates[];
  /** Traded by day since the epoch, newest last; at most a window of them. */
  private readonly days: { readonly day: number; volume: bigint }[] = [];
  private windowVolume = 0n;

  constructor(
    tiers: readonly FeeTier[],
    private readonly feeIn: 'received' | 'quote',
  ) {
    this.tiers = tiers.map(ratesOf);
  }

  /** Of one fill, which counts towards the volume of later days. */
  take(instrument: Instrument, fill: PricedFill, now: number): Money {
    const value = notional(fill.price, fill.quantity, instrument.quote);
    this.count(value.amount, Math.floor(now / dayMicros));
    const { maker, taker } = this.ratesNow();
    const rate = fill.liquidity === 'maker' ? maker : taker;
    const isBase = this.feeIn === 'received' && fill.side === 'buy';
    const of = isBase ? Money.fromQuantity(fill.quantity, instrument.base) : value;
    return { amount: shareUp(of.amount, rate), currency: of.currency as Currency };
  }

  /** The most that a buy for so much quote may pay on top of it. */
  reserveOn(amount: bigint): bigint {
    return this.feeIn === 'quote' ? shareUp(amount, this.ratesNow().dearest) : 0n;
  }

  /** Volume of the window before today. */
  get volume(): bigint {
    return this.windowVolume;
  }

  private count(amount: bigint, day: number): void {
    const last = this.days.at(-1);
    if (last === undefined || last.day < day) this.turnTo(day);
    const today = this.days.at(-1);
    assert(today !== undefined, 'no day to count in');
    today.volume += amount;
  }

  private turnTo(day: number): void {
    this.days.push({ day, volume: 0n });
    while ((this.days[0]?.day ?? day) < day - windowDays) this.days.shift();
    this.windowVolume = this.days.reduce((sum, one) => (one.day < day ? sum + one.volume : sum), 0n);
  }

  private ratesNow(): Rates {
    const reached = this.tiers.findLast(({ volumeMin }) => this.windowVolume >= volumeMin);
    return reached ?? free;
  }
}

const free: Rates = { volumeMin: 0n, maker: 0n, taker: 0n, dearest: 0n };

function ratesOf({ volumeMin, makerRate, takerRate }: FeeTier): Rates {
  const [maker, taker] = [rateOf(makerRate), rateOf(takerRate)];
  const [dearest = 0n] = [maker, taker].toSorted((left, right) => Number(right - left));
  return { volumeMin: volumeMin.amount, maker, taker, dearest };
}

export interface PricedFill {
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly liquidity: 'maker' | 'taker';
}

/** A rebate, a rate below zero, is rounded to the payer's cost as well: towards zero. */
function shareUp(amount: bigint, rate: bigint): bigint {
  const product = amount * rate;
  return product > 0n ? (product + rateUnit - 1n) / rateUnit : product / rateUnit;
}

export function rateOf(text: string): bigint {
  const rate = parseDecimal(text, rateDecimals);
  assert(rate.ok, `not a rate: ${text}`);
  return rate.value;
}

/** The instrument as the account trades it at the start: with the rates of the lowest tier. */
export function withTierRates(instrument: Instrument, { fees }: LaneMarketRules): Instrument {
  const [lowest] = fees;
  if (lowest === undefined) return { ...instrument, makerFeeRate: '0', takerFeeRate: '0' };
  return { ...instrument, makerFeeRate: lowest.makerRate, takerFeeRate: lowest.takerRate };
}
