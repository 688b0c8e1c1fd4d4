import { listening, type Receiver } from '@scalpstorm/bus';
import { feedStatusChanged, type Meta, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import { MarketEar, type MarketListener } from '../ports/market-ear.js';

/** Over core NATS, and only of the instruments that are asked for: a process that trades has no time for all others. */
export class BusMarketEar extends MarketEar {
  constructor(
    private readonly receiver: Receiver,
    private readonly clock: WallClock,
  ) {
    super();
  }

  async listen(instrumentId: InstrumentId, listener: MarketListener): Promise<void> {
    const parsed = InstrumentId.parse(instrumentId);
    if (parsed === null) throw new Error(`not an instrument: ${instrumentId}`);
    const filter = { venue: parsed.venue, symbol: parsed.symbol };
    const toldAt = ({ recordedAt }: Meta) => Timestamp.fromMicros(Math.min(recordedAt, this.clock.now()));
    await this.receiver.receive({
      hears: [],
      listens: [
        listening(quoteChanged, ({ quote, meta }) => listener.onQuote(quote, toldAt(meta)), {
          filter,
          newestOnly: true,
        }),
        listening(tradeTicked, ({ trade, meta }) => listener.onTrade(trade, toldAt(meta)), { filter }),
        listening(feedStatusChanged, ({ status, meta }) => listener.onStatus(status, toldAt(meta)), { filter }),
      ],
      answers: [],
    });
  }
}
