import {
  type Account,
  type AccountId,
  type Balance,
  type Currency,
  type InstrumentId,
  InstrumentId as Instruments,
  type Mode,
  type Price,
} from '@scalpstorm/model';

type Marks = ReadonlyMap<InstrumentId, Price>;

interface Holding {
  readonly venue: Account['venue'];
  readonly mode: Mode;
  /** Free and locked, in units of 10^-18. */
  readonly totals: ReadonlyMap<string, bigint>;
}

/** Prices count 10^-12. */
const priceUnit = 10n ** 12n;

/** What the venues say that accounts have, and what that is worth. */
export class AccountWorth {
  private readonly holdings = new Map<AccountId, Holding>();
  private read: { readonly marks: Marks; readonly size: number; readonly bases: Bases } | null = null;

  note({ id, venue, mode }: Pick<Account, 'id' | 'venue' | 'mode'>, balances: readonly Balance[]): void {
    const totals = new Map(
      balances.map(({ currency, free, locked }) => [currency as string, free.amount + locked.amount]),
    );
    this.holdings.set(id, { venue, mode, totals });
  }

  /** Those of which something is known. */
  accounts(): readonly { readonly id: AccountId; readonly mode: Mode }[] {
    return [...this.holdings].map(([id, { mode }]) => ({ id, mode }));
  }

  /**
   * By asset, in units of 10^-18 of the currency: the currency itself, and every asset that has a price in it at the venue, also when
   * there is nothing of it. What has none is not counted.
   */
  valuesOf(id: AccountId, currency: Currency, marks: Marks): ReadonlyMap<string, bigint> {
    const holding = this.holdings.get(id);
    const values = new Map<string, bigint>();
    if (holding === undefined) return values;
    const { venue, totals } = holding;
    values.set(currency, totals.get(currency) ?? 0n);
    for (const [instrumentId, base] of this.pricedAt(venue, currency, marks)) {
      values.set(base, ((totals.get(base) ?? 0n) * (marks.get(instrumentId) ?? 0n)) / priceUnit);
    }
    return values;
  }

  /** The bases by instrument. Marks come and never go: what they are of is read once, and not for every account again. */
  private pricedAt(venue: string, currency: string, marks: Marks): ReadonlyMap<InstrumentId, string> {
    if (this.read?.marks !== marks || this.read.size !== marks.size)
      this.read = { marks, size: marks.size, ...basesIn(marks) };
    return this.read.bases.get(`${venue} ${currency}`) ?? new Map();
  }
}

type Bases = ReadonlyMap<string, ReadonlyMap<InstrumentId, string>>;

/** By venue and quote. */
function basesIn(marks: Marks): { readonly bases: Bases } {
  const bases = new Map<string, Map<InstrumentId, string>>();
  for (const id of marks.keys()) {
    const { venue, symbol } = Instruments.parse(id) ?? {};
    const [base = '', quote] = symbol?.split('-') ?? [];
    if (base === quote) continue;
    const key = `${venue} ${quote}`;
    bases.set(key, (bases.get(key) ?? new Map<InstrumentId, string>()).set(id, base));
  }
  return { bases };
}
