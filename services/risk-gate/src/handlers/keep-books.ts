import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { type Unlisted, unlistedOf } from '../domain/listed-books.js';
import { Instruments, StandingSource } from '../ports/standing-source.js';
import { Gate } from './gate.js';
import { Patience } from './patience.js';

const tickMs = 250;
/** A doubt is settled at once; many doubts one after the other cost no more than one look a second. */
const pauseMs = 1_000;
/** What the events have made of the standing is replaced by what the books say this often: nothing wrong stays for longer. */
const everyMs = 60_000;
/** Venues halt and delist, and change their filters; market-data learns it within a minute. */
const listEveryMs = 30_000;
/** Accounts, and instruments of each, in one line of the log. */
const toldMax = 20;

/** Reads execution's books again: soon when something was heard that only they can tell, and now and then in any case. */
@Injectable()
export class KeepBooks implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private busy = false;
  private readAt = Number.NEGATIVE_INFINITY;
  private askedAt = Number.NEGATIVE_INFINITY;
  private listed = false;
  private toldLeftOut = '';
  private toldUnpriced = '';
  private readonly patience: Patience;
  private readonly listing: Patience;

  constructor(
    private readonly gate: Gate,
    private readonly source: StandingSource,
    private readonly instruments: Instruments,
    private readonly log: Log,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {
    this.patience = new Patience(log, 'execution’s books could not be read again; what is in doubt opens nothing');
    this.listing = new Patience(log, 'market-data does not list instruments; those that are known are used');
  }

  /** Once, before and while {@link start} has not been called. @throws when they can not be read, or market-data can not be asked for what they hold */
  async read(): Promise<void> {
    this.readAt = this.steadyMs();
    const changedSince = this.gate.expectBooks();
    try {
      const books = await this.source.read(changedSince);
      if (this.isNew(unlistedOf(books, this.instruments))) await this.instruments.refresh();
      this.gate.restore(books);
      this.tellLeftOut();
      this.tellUnpriced();
    } catch (error) {
      this.gate.giveUpBooks();
      throw error;
    }
  }

  /** What was remembered of instruments may have changed since; market-data need not be there for it. */
  async list(): Promise<void> {
    this.askedAt = this.steadyMs();
    try {
      await this.instruments.refresh();
      this.listed = true;
      this.listing.succeeded();
    } catch (error) {
      this.listing.failed(error);
    }
  }

  start(): void {
    this.timer = setInterval(() => void this.round(), tickMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async round(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (this.since(this.askedAt) >= (this.listed ? listEveryMs : pauseMs)) await this.list();
      if (this.since(this.readAt) < (this.gate.isInDoubt ? pauseMs : everyMs)) return;
      await this.read();
      this.patience.succeeded();
    } catch (error) {
      this.patience.failed(error);
    } finally {
      this.busy = false;
    }
  }

  private since(steadyMs: number): number {
    return this.steadyMs() - steadyMs;
  }

  /** What was left out before is asked for with everything else: it must not keep others waiting while market-data is away. */
  private isNew(unlisted: Unlisted): boolean {
    return [...unlisted].some(([id, ids]) => ids.some((one) => this.gate.leftOut.get(id)?.includes(one) !== true));
  }

  private tellLeftOut(): void {
    const accounts = [...this.gate.leftOut].slice(0, toldMax).map(([id, ids]) => `${id}: ${ids.slice(0, toldMax)}`);
    const told = accounts.join('; ');
    if (told !== this.toldLeftOut && told !== '') {
      const code = 'ACCOUNT_HOLDS_UNLISTED';
      this.log.warn(
        { code, accounts },
        'books hold what nobody lists: it is not counted, and these accounts open nothing',
      );
    }
    this.toldLeftOut = told;
  }

  /** No warning: at a start nothing has a price yet. */
  private tellUnpriced(): void {
    const { unpriced } = this.gate;
    const places = unpriced.slice(0, toldMax).map(({ accountId, instrumentId }) => `${accountId}: ${instrumentId}`);
    const told = `${unpriced.length} ${places.join('; ')}`;
    const code = 'REFERENCE_PRICE_MISSING';
    if (told !== this.toldUnpriced && unpriced.length > 0)
      this.log.info({ code, count: unpriced.length, places }, 'without a price: whoever holds it opens nothing');
    this.toldUnpriced = told;
  }
}
