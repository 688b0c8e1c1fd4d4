import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Currency, type Cycle, InstrumentId, type Priced } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { isUnvalued } from '../domain/third-currency-fees.js';
import { Directory, Market } from '../ports/directory.js';
import { type CyclePlace, UnvaluedCycles } from '../ports/unvalued-cycles.js';
import { Fleet } from './fleet.js';

const everyMs = 60_000;
/** Of one round; the next one goes on behind them. */
const cyclesMax = 100;

/**
 * A fee in a third currency of which no price was known when its cycle was completed is valued as soon as one is: with the newest
 * trade that was heard, else with the last one that market-data remembers. Pair, totals and everybody who was told of them follow.
 */
@Injectable()
export class ValueFees implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private after: CyclePlace | null = null;
  private busy = false;

  constructor(
    private readonly cycles: UnvaluedCycles,
    private readonly fleet: Fleet,
    private readonly market: Market,
    private readonly directory: Directory,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Resolves when what it valued is written, so that no later round can value it twice. @throws nothing */
  async round(): Promise<void> {
    if (this.busy || this.fleet.all().length === 0) return;
    this.busy = true;
    try {
      const page = await this.cycles.page(this.after, cyclesMax);
      const last = page.length < cyclesMax ? undefined : page.at(-1);
      this.after = last === undefined ? null : { botId: last.botId, number: last.number };
      const prices = await this.pricesFor(page);
      const amended = page.filter((cycle) =>
        this.fleet.amend(cycle, (currency) => prices.get(pairOf(cycle, currency)) ?? null),
      );
      await Promise.all([...new Set(amended.map(({ botId }) => botId))].map((botId) => this.fleet.written(botId)));
    } catch (error) {
      this.log.warn({ error }, 'fees in third currencies could not be valued; it is tried again');
    } finally {
      this.busy = false;
    }
  }

  /** Each is asked for once, however many cycles need it. */
  private async pricesFor(cycles: readonly Cycle[]): Promise<ReadonlyMap<InstrumentId, Priced>> {
    const wanted = new Set(
      cycles
        .filter(isUnvalued)
        .flatMap((cycle) =>
          cycle.otherFees.flatMap(({ fee, value }) => (value === null ? [pairOf(cycle, fee.currency)] : [])),
        ),
    );
    const prices = new Map<InstrumentId, Priced>();
    for (const id of wanted) {
      const priced = await this.priceOf(id);
      if (priced !== null) prices.set(id, priced);
    }
    return prices;
  }

  private async priceOf(id: InstrumentId): Promise<Priced | null> {
    const trade = this.market.lastTrade(id);
    if (trade !== null) return { price: trade.price, at: trade.occurredAt };
    const price = await this.directory.lastPrice(id);
    return price === null ? null : { price, at: this.clock.now() };
  }
}

/** Where a currency is traded for the quote of a cycle, at the venue that took the fee. */
const pairOf = ({ instrumentId, net }: Cycle, currency: Currency): InstrumentId =>
  InstrumentId.of(instrumentId.slice(0, instrumentId.indexOf(':')), `${currency}-${net.currency}`);
