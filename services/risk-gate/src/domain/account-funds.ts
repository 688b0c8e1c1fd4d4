import { type Funds, higher, triggerLevel, valueUp } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type Balance,
  type ClientOrderId,
  type Currency,
  type Instrument,
  isFinal,
  Money,
  type Order,
  type OrderRequest,
  Price,
} from '@scalpstorm/model';

/** What an approved order needs, until a balance is heard that has it taken off. */
interface Promised {
  readonly currency: Currency;
  readonly amount: bigint;
  /** When the venue had it, on its own clock or later; null before. */
  readonly takenAt: Timestamp | null;
}

interface AccountMeans {
  free: ReadonlyMap<Currency, bigint>;
  asOf: Timestamp | null;
  readonly promised: Map<ClientOrderId, Promised>;
}

/** What each account has to spend. Errs on the safe side: an order counts twice for a moment rather than not at all. */
export class AccountFunds {
  private readonly accounts = new Map<AccountId, AccountMeans>();

  of(accountId: AccountId): Funds | null {
    const means = this.accounts.get(accountId);
    if (means === undefined || means.asOf === null) return null;
    const promised = new Map<Currency, bigint>();
    for (const { currency, amount } of means.promised.values()) {
      promised.set(currency, (promised.get(currency) ?? 0n) + amount);
    }
    return { free: means.free, promised, asOf: means.asOf };
  }

  /** `asOf`: what the venue had done by then, on its own clock, is in the balances. An older word changes nothing. */
  note(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    const means = this.meansOf(accountId);
    if (means.asOf !== null && asOf < means.asOf) return;
    means.free = new Map(balances.map(({ currency, free }) => [currency, free.amount]));
    means.asOf = asOf;
    for (const [id, { takenAt }] of means.promised) {
      if (takenAt !== null && takenAt <= asOf) means.promised.delete(id);
    }
  }

  promise(request: OrderRequest, instrument: Instrument, referencePrice: Price | null): void {
    const { promised } = this.meansOf(request.accountId);
    if (!promised.has(request.clientOrderId)) {
      promised.set(request.clientOrderId, { ...needOf(request, instrument, referencePrice), takenAt: null });
    }
  }

  /** Nobody acts on the approval any more. */
  release({ accountId, clientOrderId }: OrderRequest): void {
    this.accounts.get(accountId)?.promised.delete(clientOrderId);
  }

  /** What became of an order. `occurredAt`: on the venue's clock, or later. */
  hear({ request, status, filledQuantity, venueOrderId }: Order, occurredAt: Timestamp): void {
    const { promised } = this.meansOf(request.accountId);
    const known = promised.get(request.clientOrderId);
    if (known === undefined || known.takenAt !== null) return;
    if (isFinal(status) && filledQuantity === 0n) promised.delete(request.clientOrderId);
    else if (venueOrderId !== null || filledQuantity > 0n) {
      promised.set(request.clientOrderId, { ...known, takenAt: occurredAt });
    }
  }

  private meansOf(accountId: AccountId): AccountMeans {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const means: AccountMeans = { free: new Map(), asOf: null, promised: new Map() };
    this.accounts.set(accountId, means);
    return means;
  }
}

function needOf(request: OrderRequest, { base, quote }: Instrument, referencePrice: Price | null): Money {
  if (request.side === 'sell') return Money.fromQuantity(request.quantity, base);
  const own = request.price ?? triggerLevel(request, referencePrice) ?? Price.zero;
  const each = higher(own, referencePrice ?? Price.zero);
  return { amount: valueUp(request.quantity, each), currency: quote };
}
