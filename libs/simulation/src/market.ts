import { type Listening, newEventId } from '@scalpstorm/bus';
import { createMeta, feedStatusChanged, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { millisecond } from '@scalpstorm/kernel';
import { Price, Quantity, TradeId } from '@scalpstorm/model';
import { ExecutionService } from './services/execution-service.js';
import type { SimProcess } from './services/sim-process.js';
import { middlePrice, theInstrument } from './services/stage.js';
import { VirtualClock } from './time/virtual-clock.js';
import type { World } from './world.js';

/** Prices, told by somebody who is always there and heard by whoever listens at that moment. */
export class Market {
  private ticks = 0;

  constructor(private readonly world: World) {}

  start(): void {
    this.world.time.after(0, null, () => this.tick());
  }

  private tick(): void {
    this.ticks += 1;
    const { work } = this.world.randomness;
    const step = Price.fromUnits(BigInt(work.below(2_001) - 1_000) * 10n ** 10n);
    const next = this.world.price + step;
    const most = (middlePrice * 8n) / 10_000n;
    if (next > middlePrice - most && next < middlePrice + most) this.world.price = Price.fromUnits(next);
    this.world.venue.trigger();
    if (!this.world.weather.is('market-silent')) this.tellMarket();
    this.world.time.after(250 * millisecond, null, () => this.tick());
  }

  private tellMarket(): void {
    const { id: instrumentId } = theInstrument;
    const occurredAt = this.world.venueClock.now();
    const recordedAt = new VirtualClock(this.world.machine).now();
    const meta = createMeta(newEventId(recordedAt), null, occurredAt, recordedAt);
    const sizes = { bidQuantity: Quantity.of('1'), askQuantity: Quantity.of('1') };
    const cent = theInstrument.tickSize;
    const prices = {
      bidPrice: Price.fromUnits(this.world.price - cent),
      askPrice: Price.fromUnits(this.world.price + cent),
    };
    const quote = { instrumentId, ...prices, ...sizes, sequence: this.ticks, occurredAt };
    const tradeId = TradeId.of(`m${this.ticks}`);
    const quantity = Quantity.of('0.1');
    const trade = { instrumentId, tradeId, price: this.world.price, quantity, aggressor: 'buy' as const, occurredAt };
    const clockOffset = occurredAt - recordedAt;
    const status = { instrumentId, state: 'live' as const, detail: '', lastEventAt: recordedAt, clockOffset };
    const events = new Map<string, unknown>([
      [feedStatusChanged.name, { meta, status }],
      [quoteChanged.name, { meta, quote }],
      [tradeTicked.name, { meta, trade }],
    ]);
    for (const { process, service } of this.world.living) {
      const listeners = service instanceof ExecutionService ? service.ear.listeners : [];
      for (const listener of listeners) {
        this.world.time.after(this.world.randomness.network.below(2_000), process, () => {
          listener.onStatus(status, recordedAt);
          listener.onQuote(quote, recordedAt);
          listener.onTrade(trade, recordedAt);
        });
      }
      if (service.handlers.listens.length === 0) continue;
      this.world.time.after(this.world.randomness.network.below(2_000), process, () =>
        this.hearMarket(process, service.handlers.listens, events),
      );
    }
  }

  private hearMarket(process: SimProcess, listens: readonly Listening[], events: ReadonlyMap<string, unknown>): void {
    if (process.kind === 'risk-gate') this.world.watch.verdicts.marketHeardAt = this.world.time.elapsed;
    for (const [name, event] of events) {
      for (const { contract, on } of listens) if (contract.name === name) void on(event);
    }
  }
}
