import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import type { Account } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { AccountWorth } from '../domain/account-worth.js';
import { Balances } from '../ports/balances.js';
import { Gate } from './gate.js';
import { Patience } from './patience.js';

type Known = Pick<Account, 'id' | 'mode' | 'venue'>;

const everyMs = 1_000;
/** Rounds between two looks at which accounts there are. */
const accountsEvery = 5;

/**
 * Asks execution what the accounts have, again and again: news of a balance come only when it changes, and a silence must not
 * be taken for one. An answer is as old as the venue's last word: while execution or the venue's stream is away, the age grows until
 * nothing is opened any more.
 */
@Injectable()
export class AskBalances implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private accounts: readonly Known[] = [];
  private round = 0;
  private busy = false;
  private readonly patience: Patience;

  constructor(
    private readonly gate: Gate,
    private readonly balances: Balances,
    log: Log,
    @Optional() private readonly worth?: AccountWorth,
  ) {
    this.patience = new Patience(log, 'balances could not be asked for');
  }

  start(): void {
    this.timer = setInterval(() => void this.ask(), everyMs);
    void this.ask();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.round % accountsEvery === 0 || this.accounts.length === 0) this.accounts = await this.known();
      this.round += 1;
      await Promise.all(this.accounts.map((account) => this.askOne(account)));
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private async known(): Promise<readonly Known[]> {
    const accounts = await this.balances.accounts();
    for (const { id, mode } of accounts) this.gate.noteMode(id, mode);
    return accounts;
  }

  private async askOne(account: Known): Promise<void> {
    const { id: accountId } = account;
    const known = await this.balances.of(accountId);
    if (known === null) return;
    // Balances are unknown while an account recovers, and that is when its books and the venue differ.
    if (known.reconciled !== undefined) this.gate.noteReconciled(accountId, known.reconciled);
    if (known.asOf === null) return;
    this.gate.noteBalances(accountId, known.balances, known.asOf);
    this.worth?.note(account, known.balances);
  }
}
