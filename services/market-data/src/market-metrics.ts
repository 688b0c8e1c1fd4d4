import { Injectable } from '@nestjs/common';
import type { Clock, Timestamp } from '@scalpstorm/kernel';
import type { FeedStatus, VenueId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { type CircuitState, type ClockOffset, circuitStates } from '@scalpstorm/venue-api';
import { type Heard, streams } from './domain/freshness.js';
import type { SequenceVerdict } from './domain/trade-sequence.js';

const channels = ['trade', 'quote', 'depth', 'candle'] as const;
export type Channel = (typeof channels)[number];

const irregularities: readonly SequenceVerdict['kind'][] = ['duplicate', 'late', 'gap', 'restarted'];
const pollEnds = ['answered', 'failed'] as const;

/** What an operator watches about market data. */
@Injectable()
export class MarketMetrics {
  private readonly events;
  private readonly ages;
  private readonly irregular;
  private readonly reconnects;
  private readonly notices;
  private readonly staleness;
  private readonly streamStaleness;
  private readonly lag;
  private readonly live;
  private readonly polling;
  private readonly polls;
  private readonly offset;
  private readonly roundTrip;
  private readonly circuits;

  constructor(metrics: Metrics) {
    this.events = metrics.counter({
      name: 'market_events_total',
      help: 'Market events published.',
      labels: ['channel'],
    });
    this.ages = metrics.histogram({
      name: 'market_event_age_seconds',
      help: 'From the event at the venue, by its clock, to our hearing it.',
      labels: ['channel'],
    });
    this.irregular = metrics.counter({
      name: 'market_irregular_trades_total',
      help: 'Trades that were repeated, late, after a gap, or of a restarted counter.',
      labels: ['kind'],
    });
    this.reconnects = metrics.counter({
      name: 'market_reconnects_total',
      help: 'Connections lost, counted once an instrument.',
      labels: ['venue'],
    });
    this.notices = metrics.counter({
      name: 'market_venue_notices_total',
      help: 'Facts told by venue adapters.',
      labels: ['code'],
    });
    this.staleness = metrics.gauge({
      name: 'market_staleness_seconds',
      help: 'Since the last event of an instrument.',
      labels: ['instrument'],
    });
    this.streamStaleness = metrics.gauge({
      name: 'market_stream_staleness_seconds',
      help: 'Since the last event of one stream of an instrument.',
      labels: ['instrument', 'stream'],
    });
    this.live = metrics.gauge({
      name: 'market_feed_live',
      help: '1 while it can be traded on.',
      labels: ['instrument'],
    });
    this.lag = metrics.gauge({
      name: 'market_feed_lag_seconds',
      help: 'How old the newest event of an instrument was when it came; negative: from the future.',
      labels: ['instrument'],
    });
    this.polling = metrics.gauge({
      name: 'market_polling_instruments',
      help: 'Instruments whose prices are asked for, because their socket is down.',
      labels: ['venue'],
    });
    this.polls = metrics.counter({
      name: 'market_polls_total',
      help: 'Rounds of asking a venue for prices and trades.',
      labels: ['venue', 'end'],
    });
    this.offset = metrics.gauge({
      name: 'market_clock_offset_seconds',
      help: 'How far the clock of the venue is ahead of ours.',
      labels: ['venue'],
    });
    this.roundTrip = metrics.gauge({
      name: 'market_clock_round_trip_seconds',
      help: 'Round trip of the measurement of the clock offset.',
      labels: ['venue'],
    });
    this.circuits = metrics.gauge({
      name: 'market_venue_circuit',
      help: 'The circuit breaker of a venue: 0 closed, 1 half-open, 2 open, when it failed too often and is left alone.',
      labels: ['venue'],
    });
  }

  /** From the start on: what has not happened yet is 0, and not unknown. */
  begin(venues: readonly VenueId[]): void {
    for (const channel of channels) this.events.inc({ channel }, 0);
    for (const kind of irregularities) this.irregular.inc({ kind }, 0);
    for (const venue of venues) {
      this.reconnects.inc({ venue }, 0);
      this.polling.set({ venue }, 0);
      for (const end of pollEnds) this.polls.inc({ venue, end }, 0);
    }
  }

  polled(venue: VenueId, end: (typeof pollEnds)[number]): void {
    this.polls.inc({ venue, end });
  }

  pollingNow(venue: VenueId, instruments: number): void {
    this.polling.set({ venue }, instruments);
  }

  published(channel: Channel): void {
    this.events.inc({ channel });
  }

  heard(channel: Channel, occurredAt: Timestamp, clock: Clock, offset: ClockOffset | null): void {
    // Nobody knows how old it is while the clock of the venue is not known.
    if (offset === null) return;
    const age = clock.now() + offset.offset - occurredAt;
    this.ages.observe({ channel }, Math.max(0, age) / 1e6);
  }

  judged({ kind }: SequenceVerdict): void {
    if (kind !== 'next') this.irregular.inc({ kind });
  }

  lost(venue: VenueId): void {
    this.reconnects.inc({ venue });
  }

  noticed(code: string): void {
    this.notices.inc({ code });
  }

  status(status: FeedStatus, { byStream, newest }: Heard, now: Timestamp): void {
    const instrument = status.instrumentId;
    this.live.set({ instrument }, status.state === 'live' ? 1 : 0);
    if (status.lastEventAt !== null) this.staleness.set({ instrument }, Math.max(0, now - status.lastEventAt) / 1e6);
    if (newest !== null) this.lag.set({ instrument }, newest.lag / 1e6);
    for (const stream of streams) {
      const heardAt = byStream[stream];
      if (heardAt !== undefined) this.streamStaleness.set({ instrument, stream }, Math.max(0, now - heardAt) / 1e6);
    }
  }

  circuit(venue: VenueId, state: CircuitState): void {
    this.circuits.set({ venue }, circuitStates.indexOf(state));
  }

  clock(venue: VenueId, measured: ClockOffset | null): void {
    if (measured === null) return;
    this.offset.set({ venue }, measured.offset / 1e6);
    this.roundTrip.set({ venue }, measured.roundTrip / 1e6);
  }
}
