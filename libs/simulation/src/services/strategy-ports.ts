import { type Account, type BotId, type Instrument, type InstrumentId, type Price, RiskScope } from '@scalpstorm/model';
import {
  type BotChange,
  BotStore,
  BotsLease,
  type BotWish,
  Directory,
  type Standing,
  type StoredBot,
  TradingHalts,
  type TradingWord,
} from '@scalpstorm/strategy/simulation';
import type { Database } from './database.js';
import type { SimProcess } from './sim-process.js';

/** What was committed of the bots. */
export class BotRows {
  readonly bots = new Map<BotId, StoredBot>();
  readonly commands = new Map<string, { readonly userId: string; readonly botId: BotId }>();
  /** What the gate said last, by scope. */
  readonly words = new Map<string, TradingWord>();

  put({ stored }: Pick<BotChange, 'stored'>): void {
    // As the database has it: no object of a process survives in it.
    this.bots.set(stored.bot.id, { ...stored, state: JSON.parse(JSON.stringify(stored.state)) });
  }
}

export class SimBotStore extends BotStore {
  readonly unreadable = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly rows: BotRows,
  ) {
    super();
  }

  loadAll(): Promise<readonly StoredBot[]> {
    return this.database.read(() => [...this.rows.bots.values()], { after: 'bots-loading' });
  }

  find(botId: BotId) {
    return this.database.read(() => {
      const stored = this.rows.bots.get(botId);
      return stored === undefined ? null : { stored, deleted: false };
    });
  }

  commit(change: BotChange): Promise<void> {
    return this.write(() => this.rows.put(change));
  }

  commitCommand(commandId: string, change: BotChange): Promise<void> {
    const { id: botId, userId } = change.stored.bot;
    return this.write(() => {
      this.rows.put(change);
      this.rows.commands.set(commandId, { userId, botId });
    });
  }

  async tell(): Promise<void> {
    // Every row is taken here, and nobody reads what is logged.
  }

  commandTarget(commandId: string) {
    return this.database.read(() => this.rows.commands.get(commandId) ?? null);
  }

  async pruneCommands(): Promise<number> {
    return 0;
  }

  standing(_wish: BotWish): Promise<Standing> {
    return this.database.read(() => ({ nameTaken: false, bots: this.rows.bots.size }));
  }

  private write(write: () => void): Promise<void> {
    const points = { before: 'bot-before-commit', after: 'bot-after-commit' } as const;
    return this.database.commit(write, points);
  }
}

export class SimTradingHalts extends TradingHalts {
  constructor(
    private readonly database: Database,
    private readonly rows: BotRows,
  ) {
    super();
  }

  load(): Promise<readonly TradingWord[]> {
    return this.database.read(() => [...this.rows.words.values()]);
  }

  keep(word: TradingWord): Promise<void> {
    const scope = RiskScope.format(word.scope);
    return this.database.commit(() => {
      const known = this.rows.words.get(scope);
      const isNews = known === undefined || word.since > known.since || (word.since === known.since && word.isObeyed);
      if (isNews) this.rows.words.set(scope, word);
    }, {});
  }
}

export class OneFleet extends BotsLease {
  constructor(private readonly process: SimProcess) {
    super();
  }

  get isHeld(): boolean {
    return this.process.alive;
  }
}

/** One instrument and one account, always known. */
export class KnownDirectory extends Directory {
  constructor(
    private readonly listed: Instrument,
    private readonly account: Account,
  ) {
    super();
  }

  async instrument(id: InstrumentId): Promise<Instrument | null> {
    return this.knownInstrument(id);
  }

  knownInstrument(id: InstrumentId): Instrument | null {
    return id === this.listed.id ? this.listed : null;
  }

  async refresh(): Promise<void> {
    // It never changes.
  }

  symbols(): readonly string[] {
    return [this.listed.symbol];
  }

  async lastPrice(): Promise<Price | null> {
    return null;
  }

  async accounts(): Promise<readonly Account[]> {
    return [this.account];
  }
}
