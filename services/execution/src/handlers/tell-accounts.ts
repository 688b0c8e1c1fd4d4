import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Bus, newMeta } from '@scalpstorm/bus';
import { accountChanged } from '@scalpstorm/contracts';
import { AccountId } from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { Ledger } from '../ports/ledger.js';
import { Venues } from '../ports/venues.js';

const everyMs = 500;

/** Tells balances and positions when they changed, at most twice a second: they can be asked for again, so no outbox. */
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
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private async round(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (const account of this.venues.accounts()) await this.tell(account);
    } catch (error) {
      stopOnBrokenInvariant(error);
      this.log.warn({ error }, 'account news could not be told; the next round tries again');
    } finally {
      this.busy = false;
    }
  }

  private async tell(account: ReturnType<Venues['accounts']>[number]): Promise<void> {
    const id = AccountId.of(account.id);
    const balances = this.venues.balances(id);
    const positions = this.ledger.positions(id);
    const mark = fingerprint([balances, positions]);
    if (this.told.get(id) === mark) return;
    await this.bus.send(accountChanged, { meta: newMeta(this.clock, null), account, balances, positions });
    this.told.set(id, mark);
  }
}

function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? field.toString() : field));
}
