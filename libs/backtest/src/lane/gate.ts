import {
  applyOrder,
  approvalsKept,
  decide,
  emptyStanding,
  limitsInForce,
  type RiskContext,
  type RiskDenial,
  type RiskLimits,
  reserve,
  type TightLimits,
  untouched,
} from '@scalpstorm/engine';
import { second, type Timestamp } from '@scalpstorm/kernel';
import { type Currency, type InstrumentId, type Order, type OrderRequest, Price, RiskScope } from '@scalpstorm/model';
import type { Account } from './account.js';
import type { Listing } from './venue.js';

/** Larger than any amount of money here, in 10^-18; a limit that nobody set. */
const unlimited = 10n ** 40n;

/** The gate's own decision (`engine/risk`), with the limits of the run and everything known for sure. */
export class Gate {
  private standing = emptyStanding(second);
  private readonly limits: RiskLimits;

  constructor(
    private readonly account: Account,
    private readonly listings: readonly Listing[],
    limits: TightLimits,
  ) {
    this.limits = limitsOf(account.quote, limits);
  }

  /** Null: approved, and its risk is reserved. */
  judge(request: OrderRequest, { instrument, scale, market }: Listing, now: Timestamp): RiskDenial | null {
    const { view } = market;
    const price = (ticks: number): Price | null => (ticks === 0 ? null : scale.price(ticks));
    const [bid, ask, last] = [price(view.bid), price(view.ask), price(view.last)];
    const known = last !== null || (bid !== null && ask !== null);
    const context: RiskContext = {
      now,
      trading: untouched,
      recovering: false,
      instrument,
      market: known ? { feed: 'live', bid, ask, last, occurredAt: now } : null,
      marks: this.marks(),
      seenBefore: false,
      funds: this.account.funds(now),
      reconciled: true,
      venueClock: null,
      elsewhere: { user: () => 0n, venue: () => 0n },
    };
    const verdict = decide(request, this.standing, this.limits, context);
    if (verdict.kind === 'denied') return verdict.denial;
    this.standing = reserve(this.standing, { request, instrument, referencePrice: last ?? bid, approvedAt: now });
    return null;
  }

  hear(order: Order, { instrument }: Listing): void {
    this.standing = applyOrder(this.standing, order, instrument);
  }

  private marks(): ReadonlyMap<InstrumentId, Price> {
    const marks = new Map<InstrumentId, Price>();
    for (const { instrument, scale, market } of this.listings) {
      const ticks = market.view.last || market.view.bid;
      if (ticks > 0) marks.set(instrument.id, scale.price(ticks));
    }
    return marks;
  }
}

/** Every limit wide open but those that were set. */
function limitsOf(currency: Currency, set: TightLimits): RiskLimits {
  const open = { currency, amount: unlimited };
  const most = Number.MAX_SAFE_INTEGER;
  const wide: RiskLimits = {
    currency,
    orderNotionalMax: open,
    botPositionMax: open,
    accountExposureMax: open,
    userExposureMax: open,
    venueExposureMax: open,
    openOrdersPerBotMax: most,
    openOrdersPerAccountMax: most,
    identicalOrdersMax: most,
    ordersPerBotMax: approvalsKept,
    ordersPerAccountMax: approvalsKept,
    rateWindow: second,
    priceCollarBps: 1_000_000_000,
    marketDataAgeMax: most,
    marketDataLeadMax: most,
    balanceAgeMax: most,
    clockOffsetMax: most,
  };
  return limitsInForce(wide, [{ scope: RiskScope.platform, limits: set }]).limits;
}
