import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type AccountAnswer, type AccountRequest, accountQuestion } from '@scalpstorm/contracts';
import { AccountId } from '@scalpstorm/model';
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
