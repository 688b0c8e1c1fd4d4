import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type AccountAnswer, type AccountRequest, accountQuestion } from '@scalpstorm/contracts';
import { type Account, AccountId, type InstrumentId } from '@scalpstorm/model';
import { VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { Venues } from '../ports/venues.js';
import { Reconcile } from './reconcile.js';

/** What is in the accounts, and whether it agrees with the venue. */
@Controller()
export class AccountQuestionHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconcile: Reconcile,
    private readonly reconciliations: Reconciliations,
  ) {}

  @Answers(accountQuestion)
  async answer(request: AccountRequest): Promise<AccountAnswer> {
    const accounts = this.venues.accounts();
    if (request.kind === 'list') {
      return { ok: true, value: { accounts, balances: [], positions: [], reconciled: true, differences: [] } };
    }
    const account = accounts.find(({ id }) => id === request.accountId);
    if (!account)
      return unknownAccount(
        request.accountId,
        accounts.map(({ id }) => id),
      );
    const id = AccountId.of(account.id);
    if (request.kind === 'fees') return this.fees(account, request.instrumentId);
    const found =
      request.kind === 'reconcile' ? await this.reconcile.run(id, 'request') : this.reconciliations.unrepaired(id);
    const differences = found.filter((difference) => !difference.repaired);
    return {
      ok: true,
      value: {
        accounts: [account],
        balances: this.venues.balances(id),
        positions: this.ledger.positions(id),
        reconciled: differences.length === 0,
        differences: found,
      },
    };
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
