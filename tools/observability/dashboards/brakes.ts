import { rateOf, type Section } from './panels.ts';

/** Everything that keeps an order from being opened, and what waits for a person. */
export const brakes: Section = {
  title: 'What holds orders back',
  panels: [
    {
      title: 'Circuit of the venues',
      description:
        '0 closed, 1 tries, 2 open: it failed too often, and nothing that opens is sent there. Runbook: VenueCircuitOpen.',
      unit: 'none',
      stat: { warnFrom: 1, badFrom: 2 },
      queries: [{ expr: 'max by (venue) (scalpstorm_venue_circuit)', legend: '{{venue}}' }],
    },
    {
      title: 'Rate ledger',
      description:
        '1 while every process shares the limits of the venues; else each keeps to a share of its own. Runbook: RateLedgerDown.',
      unit: 'none',
      stat: { badBelow: 1 },
      queries: [{ expr: 'min(scalpstorm_rate_ledger_up)', legend: 'up' }],
    },
    {
      title: 'Held back now',
      description: 'Scopes that are halted or only reduce, whoever said so. Runbooks: TradingHeldBack, TradingHalted.',
      unit: 'none',
      stat: { warnFrom: 1 },
      queries: [{ expr: 'sum(scalpstorm_risk_states)', legend: 'scopes' }],
    },
    {
      title: 'Breakers in 24 h',
      description: 'Circuit breakers of the gate that tripped. Runbook: BreakersTrip.',
      unit: 'none',
      stat: { warnFrom: 1 },
      queries: [{ expr: 'sum(increase(scalpstorm_risk_breaker_trips_total[24h]))', legend: 'trips' }],
    },
    {
      title: 'Differences that stay',
      description: 'What the last comparison with a venue could not mend. Good: 0. Runbook: DifferencesOpen.',
      unit: 'none',
      stat: { badFrom: 1 },
      queries: [{ expr: 'sum(scalpstorm_recon_differences_open)', legend: 'differences' }],
    },
    {
      title: 'Orders from elsewhere',
      description: 'At a venue, not placed here, and nobody has decided on them. Runbook: ExternalOrdersWait.',
      unit: 'none',
      stat: { warnFrom: 1 },
      queries: [{ expr: 'sum(scalpstorm_external_orders_waiting)', legend: 'orders' }],
    },
    {
      title: 'Circuits',
      description: 'Of each venue over time, as execution and as market-data see it.',
      unit: 'short',
      queries: [
        { expr: 'max by (venue) (scalpstorm_venue_circuit)', legend: '{{venue}} (orders)' },
        { expr: 'max by (venue) (scalpstorm_market_venue_circuit)', legend: '{{venue}} (feed)' },
      ],
    },
    {
      title: 'Held back',
      description: 'Halted and reducing, by kind of scope.',
      unit: 'short',
      queries: [{ expr: 'sum by (kind, state) (scalpstorm_risk_states)', legend: '{{kind}} {{state}}' }],
    },
    {
      title: 'Breakers',
      description: 'Trips in an hour, by breaker.',
      unit: 'short',
      queries: [
        { expr: 'sum by (breaker) (increase(scalpstorm_risk_breaker_trips_total[1h]))', legend: '{{breaker}}' },
      ],
    },
    {
      title: 'Rate ledger',
      description: 'Questions to it a second, by service and result.',
      unit: 'ops',
      queries: [
        {
          expr: rateOf('scalpstorm_rate_ledger_exchanges_total', ['service', 'result']),
          legend: '{{service}} {{result}}',
        },
      ],
    },
    {
      title: 'Differences that stay',
      description: 'By account and kind, over time.',
      unit: 'short',
      queries: [{ expr: 'sum by (account, kind) (scalpstorm_recon_differences_open)', legend: '{{account}} {{kind}}' }],
    },
    {
      title: 'Orders from elsewhere',
      description: 'That wait for a decision, by account.',
      unit: 'short',
      queries: [{ expr: 'sum by (account) (scalpstorm_external_orders_waiting)', legend: '{{account}}' }],
    },
  ],
};
