import {
  type CapturedDepth,
  type CapturedTrade,
  type DepthLevel,
  parseCaptureLine,
  type TextLevel,
} from '@scalpstorm/matching';
import type { BacktestFault } from '../fault.js';
import type { MarketRow } from './market-row.js';
import { RefusedData } from './refused-data.js';
import type { Scale } from './scale.js';

const microsInMilli = 1_000;

/**
 * A raw capture of the venue's streams, `<receive ns> <json>` a line: depth, trades and snapshots of one market, in the order in which
 * they were received. Times are the venue's own; one that goes back a little is as late as what came before it.
 */
export class CaptureDecoder {
  row: MarketRow = { kind: 'trade', ticks: 0, lots: 0, aggressor: 'buy' };
  at = 0;
  private symbol: string | null = null;

  constructor(private readonly scale: Scale) {}

  /** True: there is a row. @throws RefusedData */
  take(text: string, line: number): boolean {
    const parsed = parseCaptureLine(text);
    if (!parsed.ok) throw new RefusedData(unreadable(parsed.fault, line));
    const { event } = parsed;
    if (event.kind === 'other') return false;
    if (event.kind !== 'snapshot') this.check(event, line);
    if (event.kind === 'trade') {
      const [ticks, lots] = this.scale.readLevel([event.price, event.quantity], line);
      this.row = { kind: 'trade', ticks, lots, aggressor: event.buyerIsMaker ? 'sell' : 'buy' };
      return true;
    }
    const isSnapshot = event.kind === 'snapshot';
    const ids = isSnapshot
      ? { firstId: event.lastUpdateId, lastId: event.lastUpdateId, previousId: null }
      : { firstId: event.firstId, lastId: event.lastId, previousId: event.previousId };
    const levels = (texts: readonly TextLevel[]): DepthLevel[] =>
      texts.map((level) => this.scale.readLevel(level, line));
    this.row = { kind: 'depth', isSnapshot, bids: levels(event.bids), asks: levels(event.asks), ids };
    return true;
  }

  private check({ symbol, eventTime }: CapturedDepth | CapturedTrade, line: number): void {
    this.symbol ??= symbol;
    if (symbol !== this.symbol) throw new RefusedData(otherSymbol(this.symbol, symbol, line));
    this.at = Math.max(this.at, eventTime * microsInMilli);
  }
}

const unreadable = (fault: string, line: number): BacktestFault => ({
  code: 'CAPTURE_UNREADABLE',
  text: `Line ${line} is no line of a capture: ${fault}.`,
  next: 'Give lines of `<receive nanoseconds> <json of the venue>`; remove a line that was cut off.',
});

const otherSymbol = (symbol: string, other: string, line: number): BacktestFault => ({
  code: 'OTHER_SYMBOL',
  text: `Line ${line} is of ${other}, and the capture began with ${symbol}.`,
  next: 'Give one capture a market.',
});
