import type { Balance, BookDepth, FeedStatus, Quote } from '@scalpstorm/model';
import type { ExecutionListener, OrderReport, VenueFill, VenueOrderView } from '../execution-venue.js';
import type { FeedListener, SequencedTrade } from '../market-feed.js';

/** Keeps everything that a feed says. */
export class RecordingFeedListener implements FeedListener {
  readonly trades: SequencedTrade[] = [];
  readonly quotes: Quote[] = [];
  readonly depths: BookDepth[] = [];
  readonly statuses: FeedStatus[] = [];

  onTrade(trade: SequencedTrade): void {
    this.trades.push(trade);
  }
  onQuote(quote: Quote): void {
    this.quotes.push(quote);
  }
  onDepth(depth: BookDepth): void {
    this.depths.push(depth);
  }
  onStatus(status: FeedStatus): void {
    this.statuses.push(status);
  }
}

/** Keeps everything that a user stream says. */
export class RecordingExecutionListener implements ExecutionListener {
  readonly reports: OrderReport[] = [];
  readonly fills: { readonly fill: VenueFill; readonly order: VenueOrderView }[] = [];
  readonly balances: Balance[] = [];
  readonly connection: ('disconnected' | 'reconnected')[] = [];

  onOrderReport(report: OrderReport): void {
    this.reports.push(report);
  }
  onFill(fill: VenueFill, order: VenueOrderView): void {
    this.fills.push({ fill, order });
  }
  onBalances(balances: readonly Balance[]): void {
    this.balances.push(...balances);
  }
  onDisconnected(): void {
    this.connection.push('disconnected');
  }
  onReconnected(): void {
    this.connection.push('reconnected');
  }
}
