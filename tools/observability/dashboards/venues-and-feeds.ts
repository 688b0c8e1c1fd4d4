import { type DashboardPlan, quantile, rateOf } from './panels.ts';

const ofInstrument = '{instrument=~"$instrument"}';

export const venuesAndFeeds: DashboardPlan = {
  uid: 'venues-and-feeds',
  title: 'Scalpstorm / Venues and feeds',
  description: 'Are the prices there, fresh and complete, and do the clocks agree?',
  choices: [{ name: 'instrument', metric: 'scalpstorm_market_feed_live' }],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Live feeds',
          description: 'The share of instruments that can be traded on. Runbook: FeedStale.',
          unit: 'percentunit',
          stat: { badBelow: 1 },
          queries: [{ expr: `avg(scalpstorm_market_feed_live${ofInstrument})`, legend: 'live' }],
        },
        {
          title: 'Oldest price',
          description: 'Since the last event of the quietest instrument.',
          unit: 's',
          stat: { warnFrom: 5, badFrom: 10 },
          queries: [{ expr: `max(scalpstorm_market_staleness_seconds${ofInstrument})`, legend: 'age' }],
        },
        {
          title: 'Asked for instead of heard',
          description: 'Instruments whose socket is down. Runbook: FeedPolled.',
          unit: 'none',
          stat: { warnFrom: 1 },
          queries: [{ expr: 'sum(scalpstorm_market_polling_instruments)', legend: 'polled' }],
        },
        {
          title: 'Events a second',
          description: 'Market events published.',
          unit: 'ops',
          stat: {},
          queries: [{ expr: rateOf('scalpstorm_market_events_total'), legend: 'events' }],
        },
        {
          title: 'Lost connections in 24 h',
          description: 'Counted once an instrument.',
          unit: 'none',
          stat: { warnFrom: 10 },
          queries: [{ expr: 'sum(increase(scalpstorm_market_reconnects_total[24h]))', legend: 'lost' }],
        },
        {
          title: 'Clock offset',
          description: 'The largest difference between a clock of a venue and ours. Runbook: ClockSkew.',
          unit: 's',
          stat: { warnFrom: 0.25, badFrom: 0.5 },
          queries: [{ expr: 'max(abs(scalpstorm_market_clock_offset_seconds))', legend: 'offset' }],
        },
      ],
    },
    {
      title: 'Feeds',
      panels: [
        {
          title: 'Age of the newest event',
          description: 'Since the last event, by instrument.',
          unit: 's',
          queries: [
            {
              expr: `max by (instrument) (scalpstorm_market_staleness_seconds${ofInstrument})`,
              legend: '{{instrument}}',
            },
          ],
        },
        {
          title: 'Age by stream',
          description: 'Trades, quotes, depth: one of them can be silent while others flow.',
          unit: 's',
          queries: [
            {
              expr: `max by (instrument, stream) (scalpstorm_market_stream_staleness_seconds${ofInstrument})`,
              legend: '{{instrument}} {{stream}}',
            },
          ],
        },
        {
          title: 'Lag of the feed',
          description: 'How old the newest event was when it came, by the clock of the venue.',
          unit: 's',
          queries: [
            {
              expr: `max by (instrument) (scalpstorm_market_feed_lag_seconds${ofInstrument})`,
              legend: '{{instrument}}',
            },
          ],
        },
        {
          title: 'Events',
          description: 'Market events a second by channel.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_market_events_total', ['channel']), legend: '{{channel}}' }],
        },
        {
          title: 'Age of events, p99',
          description: 'From the event at the venue to our hearing it, by channel.',
          unit: 's',
          queries: [
            { expr: quantile(0.99, 'scalpstorm_market_event_age_seconds', ['channel']), legend: '{{channel}}' },
          ],
        },
        {
          title: 'Irregular trades',
          description: 'Repeated, late, after a gap, or of a restarted counter, a second.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_market_irregular_trades_total', ['kind']), legend: '{{kind}}' }],
        },
      ],
    },
    {
      title: 'Venues',
      panels: [
        {
          title: 'Lost connections',
          description: 'An hour, by venue, counted once an instrument.',
          unit: 'short',
          queries: [{ expr: 'sum by (venue) (increase(scalpstorm_market_reconnects_total[1h]))', legend: '{{venue}}' }],
        },
        {
          title: 'Polls',
          description: 'Rounds of asking for prices, by end.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_market_polls_total', ['venue', 'end']), legend: '{{venue}} {{end}}' }],
        },
        {
          title: 'Clocks',
          description: 'How far the clock of a venue is ahead of ours, as market-data and as execution see it.',
          unit: 's',
          queries: [
            { expr: 'max by (venue) (scalpstorm_market_clock_offset_seconds)', legend: '{{venue}} (feed)' },
            { expr: 'max by (account) (scalpstorm_venue_clock_offset_seconds)', legend: '{{account}} (orders)' },
          ],
        },
        {
          title: 'Round trip',
          description: 'Of the measurement of the clock.',
          unit: 's',
          queries: [{ expr: 'max by (venue) (scalpstorm_market_clock_round_trip_seconds)', legend: '{{venue}}' }],
        },
        {
          title: 'Orders by venue',
          description: 'Requests that the venue answered a second.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_orders_total', ['venue']), legend: '{{venue}}' }],
        },
        {
          title: 'Answer of the venue, p99',
          description: 'From the request to the answer.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'scalpstorm_order_ack_seconds', ['venue']), legend: '{{venue}}' }],
        },
      ],
    },
  ],
};
