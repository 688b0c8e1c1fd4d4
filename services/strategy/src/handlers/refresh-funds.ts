import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { AccountFunds } from '../ports/account-funds.js';
import { Fleet } from './fleet.js';

/** An entry that follows an exit waits no longer than this for what the exit has brought. */
const everyMs = 250;

/** Keeps what is known of the accounts new whose bots size by it. Nothing is asked where none does. */
@Injectable()
export class RefreshFunds implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly funds: AccountFunds,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    try {
      await this.funds.refresh(this.fleet.sizingAccounts());
    } catch (error) {
      this.log.error({ error }, 'what the accounts hold could not be asked for');
    }
  }
}
