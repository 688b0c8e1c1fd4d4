import { type Bus, NoAnswer } from '@scalpstorm/bus';
import { accountQuestion } from '@scalpstorm/contracts';
import type { PairFunds } from '@scalpstorm/engine';
import { type Clock, type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import { type AccountId, type Balance, type Currency, type Instrument, Money } from '@scalpstorm/model';
import { AccountFunds } from '../ports/account-funds.js';

/** What stands is confirmed so often; what is doubted is asked for in every round. */
const confirmEvery: Micros = 5 * second;
/** What nobody has confirmed for so long is not known any more. */
const confirmedFor: Micros = 15 * second;
/**
 * So long after an order has moved something, what execution says is taken although the venue has not spoken of the balances since: a
 * fill may have changed none that it tells of.
 */
const doubtedFor: Micros = 10 * second;
const atOnce = 8;
const answerWithinMs = 1_000;

interface Known {
  readonly balances: ReadonlyMap<Currency, Balance>;
  /** When the venue last spoke of them, by its clock. */
  readonly asOf: Timestamp;
  /** When execution was asked, by ours. */
  readonly askedAt: Timestamp;
}

interface Doubt {
  /** By the venue's clock. */
  readonly movedAt: Timestamp;
  readonly heardAt: Timestamp;
}

interface Watched {
  known: Known | null;
  doubt: Doubt | null;
}

/**
 * Asked of execution over the bus, for the accounts whose bots size by it. Its news of an account would not do: a durable consumer hears
 * it once, so a restarted process would know nothing until something changes, and it does not say of which moment the balances are.
 */
export class BusAccountFunds extends AccountFunds {
  private readonly accounts = new Map<AccountId, Watched>();
  private busy = false;

  constructor(
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly clock: Clock,
  ) {
    super();
  }

  of(accountId: AccountId, { base, quote }: Instrument, now: Timestamp): PairFunds | null {
    const watched = this.accounts.get(accountId);
    if (watched?.known == null || isDoubted(watched) || Math.abs(now - watched.known.askedAt) > confirmedFor)
      return null;
    const { balances } = watched.known;
    return { base: balances.get(base) ?? nothing(base), quote: balances.get(quote) ?? nothing(quote) };
  }

  outdate(accountId: AccountId, movedAt: Timestamp, now: Timestamp): void {
    const watched = this.accounts.get(accountId);
    if (watched === undefined || movedAt <= (watched.doubt?.movedAt ?? 0)) return;
    // One that is in doubt already is so from then on, or an account that never rests would be in doubt for ever.
    const heardAt = watched.doubt !== null && isDoubted(watched) ? watched.doubt.heardAt : now;
    watched.doubt = { movedAt, heardAt };
  }

  async refresh(accountIds: ReadonlySet<AccountId>): Promise<void> {
    for (const known of this.accounts.keys()) if (!accountIds.has(known)) this.accounts.delete(known);
    for (const id of accountIds) if (!this.accounts.has(id)) this.accounts.set(id, { known: null, doubt: null });
    if (this.busy) return;
    this.busy = true;
    try {
      const due = [...this.accounts].filter(([, watched]) => this.isDue(watched)).values();
      const lane = async () => {
        for (const [id, watched] of due) await this.ask(id, watched);
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
    } finally {
      this.busy = false;
    }
  }

  private isDue(watched: Watched): boolean {
    return watched.known === null || isDoubted(watched) || this.clock.now() - watched.known.askedAt >= confirmEvery;
  }

  private async ask(accountId: AccountId, watched: Watched): Promise<void> {
    const askedAt = this.clock.now();
    try {
      const answer = await this.bus.ask(accountQuestion, { kind: 'get', accountId }, answerWithinMs);
      if (!answer.ok) return;
      const { balances, balancesAsOf: asOf = null } = answer.value;
      // Execution has nothing to tell before it has asked the venue for the first time.
      if (asOf === null || balances.length === 0) return;
      watched.known = { balances: new Map(balances.map((balance) => [balance.currency, balance])), asOf, askedAt };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }
}

function isDoubted({ known, doubt }: Watched): boolean {
  if (known === null || doubt === null) return false;
  return known.asOf < doubt.movedAt && known.askedAt < doubt.heardAt + doubtedFor;
}

const nothing = (currency: Currency): Balance => ({
  currency,
  free: Money.zero(currency),
  locked: Money.zero(currency),
});
