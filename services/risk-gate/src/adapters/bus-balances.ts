import type { Bus } from '@scalpstorm/bus';
import { accountQuestion } from '@scalpstorm/contracts';
import type { Account, AccountId } from '@scalpstorm/model';
import { Balances, type KnownBalances } from '../ports/balances.js';

/** Asked of execution over the bus. */
export class BusBalances extends Balances {
  constructor(private readonly bus: Bus) {
    super();
  }

  async accounts(): Promise<readonly Account[]> {
    const answer = await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' });
    return answer.ok ? answer.value.accounts : [];
  }

  async of(accountId: AccountId): Promise<KnownBalances | null> {
    const answer = await this.bus.ask(accountQuestion, { kind: 'get', accountId });
    if (!answer.ok) return null;
    const { balances, balancesAsOf: asOf = null, reconciled } = answer.value;
    // Execution has nothing to tell before it has asked the venue for the first time.
    return { balances, asOf: balances.length === 0 ? null : asOf, reconciled };
  }
}
