import { type Balance, type Currency, Quantity } from '@scalpstorm/model';

/** From 10^-18 of money to 10^-12 of a quantity. */
const unitsOfQuantity = 10n ** 6n;

/** What the account holds of each currency, free and locked, as far as the venue has told it on this connection. */
export class Holdings {
  private readonly known = new Map<Currency, Quantity>();
  private isWhole = false;
  private changes = 0;

  /** Null: not known, or not for certain. */
  of(currency: Currency): Quantity | null {
    return this.known.get(currency) ?? (this.isWhole ? Quantity.zero : null);
  }

  /** The stream told some of them. */
  told(balances: readonly Balance[]): void {
    this.changes += 1;
    for (const balance of balances) this.keep(balance);
  }

  /** Asks for all of them. An answer that an event has overtaken may be older than it, and is not kept. */
  async asked(ask: () => Promise<readonly Balance[]>): Promise<readonly Balance[]> {
    const before = this.changes;
    const balances = await ask();
    if (before === this.changes) {
      this.known.clear();
      for (const balance of balances) this.keep(balance);
      this.isWhole = true;
    }
    return balances;
  }

  /** Events may have been missed. */
  forget(): void {
    this.changes += 1;
    this.known.clear();
    this.isWhole = false;
  }

  private keep({ currency, free, locked }: Balance): void {
    this.known.set(currency, Quantity.fromUnits((free.amount + locked.amount) / unitsOfQuantity));
  }
}
