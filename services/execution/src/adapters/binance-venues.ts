import { randomInt } from 'node:crypto';
import { assert, type Micros, millisecond, seededRng, type Timestamp } from '@scalpstorm/kernel';
import { type Account, AccountId, type Balance, VenueId } from '@scalpstorm/model';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { ExecutionVenue, RateLedger } from '@scalpstorm/venue-api';
import { BinanceExecutionVenue } from '@scalpstorm/venue-binance';
import type { AccountSettings, ExecutionEnv } from '../config.js';
import { type KeyCheck, VenueConnections } from '../ports/venue-connections.js';
import type { Venues } from '../ports/venues.js';

interface Surroundings {
  readonly clock: WallClock;
  readonly log: Log;
  /** What is shared with everybody who asks these venues; null: this process is alone. */
  readonly ledger: RateLedger | null;
}

interface Connected {
  readonly account: Account;
  readonly venue: BinanceExecutionVenue;
  balances: readonly Balance[];
  balancesAsOf: Timestamp | null;
}

/** The configured accounts, each over the Binance protocol; the simulated exchange is just another address. */
export class BinanceVenues extends VenueConnections implements Venues {
  private constructor(
    private readonly connected: Map<string, Connected>,
    private readonly config: ExecutionEnv,
    private readonly around: Surroundings,
  ) {
    super();
  }

  static async create(config: ExecutionEnv, around: Surroundings): Promise<BinanceVenues> {
    const connected = new Map<string, Connected>();
    for (const settings of config.VENUE_ACCOUNTS) {
      requireLiveSwitch(settings, config.LIVE_TRADING === 'yes');
      assert(!connected.has(settings.id), `account ${settings.id} is configured twice`);
      connected.set(settings.id, await connect(settings, around));
    }
    return new BinanceVenues(connected, config, around);
  }

  get requestLifeMs(): number {
    return this.config.ORDER_REQUEST_LIFE_MS;
  }

  get readLag(): Micros {
    return this.config.VENUE_READ_LAG_MS * millisecond;
  }

  async check(settings: AccountSettings): Promise<KeyCheck> {
    const { venue } = await connect(settings, this.around);
    try {
      return await venue.permissions();
    } finally {
      await venue.close();
    }
  }

  async attach(settings: AccountSettings): Promise<Account> {
    requireLiveSwitch(settings, this.config.LIVE_TRADING === 'yes');
    assert(!this.connected.has(settings.id), `account ${settings.id} is attached already`);
    const connected = await connect(settings, this.around);
    this.connected.set(settings.id, connected);
    return connected.account;
  }

  async detach(accountId: AccountId): Promise<void> {
    const connected = this.connected.get(accountId);
    this.connected.delete(accountId);
    await connected?.venue.close();
  }

  accounts(): readonly Account[] {
    return [...this.connected.values()].map(({ account }) => account);
  }

  venueOf(accountId: AccountId): ExecutionVenue | null {
    return this.connected.get(accountId)?.venue ?? null;
  }

  balances(accountId: AccountId): readonly Balance[] {
    return this.connected.get(accountId)?.balances ?? [];
  }

  balancesAsOf(accountId: AccountId): Timestamp | null {
    return this.connected.get(accountId)?.balancesAsOf ?? null;
  }

  rememberBalances(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    const connected = this.connected.get(accountId);
    if (!connected) return;
    connected.balances = balances;
    connected.balancesAsOf = asOf;
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.values()].map(({ venue }) => venue.close()));
  }
}

async function connect(settings: AccountSettings, { clock, log, ledger }: Surroundings): Promise<Connected> {
  const { id, label, mode, apiKey, secret, rest, spotWs, wsApi } = settings;
  const venueId = VenueId.of(settings.venue);
  const venue = await BinanceExecutionVenue.create(
    {
      venue: venueId,
      addresses: { rest, spotWs, wsApi },
      liveMoney: mode === 'live',
      clock,
      ledger,
      rng: seededRng(randomInt(2 ** 31)),
      onNotice: ({ code, text }) => {
        if (code === 'CLOCK_MEASURED') log.debug({ accountId: id, code }, text);
        else log.warn({ accountId: id, code }, text);
      },
    },
    { apiKey, secret },
  );
  return { account: { id: AccountId.of(id), venue: venueId, mode, label }, venue, balances: [], balancesAsOf: null };
}

function requireLiveSwitch(settings: AccountSettings, liveAllowed: boolean): void {
  if (settings.mode !== 'live' || liveAllowed) return;
  throw new Error(`account ${settings.id} is of mode live, but LIVE_TRADING is not "yes": set both or neither`);
}
