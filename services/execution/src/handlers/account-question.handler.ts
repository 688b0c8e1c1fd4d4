import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type AccountAnswer, type AccountRequest, accountQuestion, type Difference } from '@scalpstorm/contracts';
import { type Micros, second } from '@scalpstorm/kernel';
import { type Account, AccountId, type InstrumentId } from '@scalpstorm/model';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { toldDifferences, unrepaired } from '../domain/differences.js';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { Retelling } from '../ports/retelling.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { AccountStates } from './account-states.js';
import { Reconcile } from './reconcile.js';

/** Ended orders of this age and younger are told again together with the working ones. */
const retoldWithin: Micros = 60 * 60 * second;

/** What is in the accounts, and whether it agrees with the venue. */
@Controller()
export class AccountQuestionHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconcile: Reconcile,
    private readonly reconciliations: Reconciliations,
    private readonly retelling: Retelling,
    private readonly states: AccountStates,
  ) {}

  @Answers(accountQuestion)
  async answer(request: AccountRequest): Promise<AccountAnswer> {
    const accounts = this.venues.accounts();
    if (request.kind === 'list') {
      const reconciled = accounts.every(({ id }) => this.states.of(id).kind === 'trading');
      return { ok: true, value: { accounts, balances: [], positions: [], reconciled, differences: [] } };
    }
    const account = accounts.find(({ id }) => id === request.accountId);
    if (!account)
      return unknownAccount(
        request.accountId,
        accounts.map(({ id }) => id),
      );
    const id = AccountId.of(account.id);
    if (request.kind === 'fees') return this.fees(account, request.instrumentId);
    const found = request.kind === 'reconcile' ? await this.compare(id) : this.standing(id);
    const open = found.filter((difference) => !difference.repaired);
    return {
      ok: true,
      value: {
        accounts: [account],
        balances: this.venues.balances(id),
        positions: this.ledger.positions(id),
        reconciled: open.length === 0 && this.states.of(id).kind === 'trading',
        differences: toldDifferences(id, found),
        balancesAsOf: this.venues.balancesAsOf(id),
      },
    };
  }

  /** Somebody doubts what he sees: the books are compared with the venue, and the newest states are told again. */
  private async compare(id: AccountId): Promise<readonly Difference[]> {
    try {
      const differences = await this.reconcile.run(id, 'request');
      await this.retelling.retell(id, retoldWithin);
      return differences;
    } catch (error) {
      const code = weatherOf(error);
      if (code === null) throw error;
      const words = { subject: `account ${id}`, ours: 'not compared', theirs: 'no answer' };
      return [unrepaired('order', id, { ...words, decision: `${code}: ${String(error)}` })];
    }
  }

  /** What the last comparison left open, or that there was none yet. */
  private standing(id: AccountId): readonly Difference[] {
    const state = this.states.of(id);
    if (state.kind !== 'recovering') return this.reconciliations.unrepaired(id);
    const words = { subject: `account ${id}`, ours: 'not compared yet', theirs: state.reason };
    return [
      unrepaired('order', id, { ...words, decision: 'ACCOUNT_RECOVERING: it opens nothing until it is compared' }),
    ];
  }

  /** What the account pays; the venue is asked when that is not known. */
  private async fees(account: Account, instrumentId: InstrumentId): Promise<AccountAnswer> {
    const venue = this.venues.venueOf(AccountId.of(account.id));
    if (venue === null) return unknownAccount(account.id, []);
    try {
      const fees = [await venue.feeRates(instrumentId)];
      const standing = { accounts: [account], balances: [], positions: [], reconciled: true, differences: [], fees };
      return { ok: true, value: standing };
    } catch (error) {
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
      return refusedFees(error);
    }
  }
}

/** Why the venue could not be asked at this moment; null when it was something else. */
function weatherOf(error: unknown): string | null {
  if (error instanceof VenueUnreachable || error instanceof VenueRefused) return error.code;
  return error instanceof AccountDetached ? 'ACCOUNT_NOT_CONNECTED' : null;
}

function refusedFees(error: VenueUnreachable | VenueRefused): AccountAnswer {
  const next = error instanceof VenueRefused ? error.next : 'Ask again when the venue answers.';
  return { ok: false, refusals: [{ code: error.code, field: '/instrument', text: error.message, allowed: '', next }] };
}

function unknownAccount(accountId: string, known: readonly string[]): AccountAnswer {
  return {
    ok: false,
    refusals: [
      {
        code: 'UNKNOWN_ACCOUNT',
        field: '/account',
        text: `there is no account "${accountId}"`,
        allowed: known.join(', '),
        next: 'Choose one of the configured accounts.',
      },
    ],
  };
}
