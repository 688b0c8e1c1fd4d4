import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { accountChanged } from '@scalpstorm/contracts';
import { type Account, AccountId, Quantity } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';

const everyMs = 500;

/**
 * Tells balances and open positions when they changed, at most twice a second: they can be asked for again, so no outbox. One that
 * was closed is not among them: bots that are gone would fill the news of their account for ever.
 */
@Injectable()
export class TellAccounts implements OnApplicationShutdown {
  private readonly told = new Map<string, string>();
  private timer: NodeJS.Timeout | null = null;
  private busy = false;

  constructor(
    private readonly bus: Bus,
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tellChanged(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async tellChanged(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (const account of this.venues.accounts()) {
      // What keeps one account from being told keeps no other.
      await this.tell(account).catch((error: unknown) => {
        stopOnBrokenInvariant(error);
        this.log.warn({ error, account: account.id }, 'account news could not be told; the next round tries again');
      });
    }
    this.busy = false;
  }

  private async tell(account: Account): Promise<void> {
    const id = AccountId.of(account.id);
    const balances = this.venues.balances(id);
    const positions = this.ledger.positions(id).filter(({ quantity }) => quantity !== Quantity.zero);
    const mark = fingerprint([balances, positions]);
    if (this.told.get(id) === mark) return;
    await this.bus.send(accountChanged, { meta: newMeta(this.clock, null), account, balances, positions });
    this.told.set(id, mark);
  }
}

function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? field.toString() : field));
}
