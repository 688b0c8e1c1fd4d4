import { brakes } from './brakes.ts';
import { type DashboardPlan, type Query, quantile, rateOf } from './panels.ts';

const atVenue = '{venue=~"$venue"}';

/** Each stage is measured by the service in which it ends. */
const stages = [
  { legend: '1 tick → decision', histogram: 'scalpstorm_strategy_decision_seconds' },
  { legend: '2 decision → verdict', histogram: 'scalpstorm_risk_verdict_seconds' },
  { legend: '3 verdict → sending', histogram: 'scalpstorm_order_sending_seconds' },
  { legend: '4 sending → answer', histogram: 'scalpstorm_order_ack_seconds' },
  { legend: '5 fill → booked', histogram: 'scalpstorm_fill_report_seconds' },
] as const;

const stagesAt = (share: number): readonly Query[] =>
  stages.map(({ legend, histogram }) => ({ legend, expr: quantile(share, histogram) }));

export const orderPath: DashboardPlan = {
  uid: 'order-path',
  title: 'Scalpstorm / Order path',
  description:
    'From the tick to the fill: how many, how quick, what was denied, rejected or refused, and what is not known.',
  choices: [{ name: 'venue', metric: 'scalpstorm_orders_total' }],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Orders of unknown fate',
          description:
            'Sent, and we do not know. They keep their risk reserved and are looked for. Good: 0. Runbook: OrdersUnknown.',
          unit: 'none',
          stat: { warnFrom: 1, badFrom: 5 },
          queries: [{ expr: 'sum(scalpstorm_orders_unknown)', legend: 'unknown' }],
        },
        {
          title: 'Accounts that trade',
          description:
            'The share of accounts that may open orders, by who brought them. Runbooks: AccountDoesNotTrade, UserAccountDoesNotTrade.',
          unit: 'percentunit',
          stat: { badBelow: 1 },
          queries: [{ expr: 'avg by (owner) (scalpstorm_account_trading)', legend: '{{owner}}' }],
        },
        {
          title: 'Placed a second',
          description: 'Requests that a venue answered.',
          unit: 'ops',
          stat: {},
          queries: [{ expr: rateOf('scalpstorm_orders_total', [], atVenue), legend: 'orders' }],
        },
        {
          title: 'Accepted',
          description: 'The share of the orders placed in 1 h that the venue took; no data while none was placed.',
          unit: 'percentunit',
          stat: { badBelow: 0.9 },
          queries: [
            {
              expr: `sum(increase(scalpstorm_orders_total{venue=~"$venue", outcome="accepted"}[1h])) / (sum(increase(scalpstorm_orders_total{venue=~"$venue"}[1h])) > 0)`,
              legend: 'accepted',
            },
          ],
        },
        {
          title: 'Differences to the venue in 24 h',
          description: 'Found by reconciliation. Good: 0. Runbook: BooksDiffer.',
          unit: 'none',
          stat: { warnFrom: 1 },
          queries: [{ expr: 'sum(increase(scalpstorm_recon_breaks_total[24h]))', legend: 'differences' }],
        },
        {
          title: 'Fills a second',
          description: 'Booked from the stream of the venue.',
          unit: 'ops',
          stat: {},
          queries: [{ expr: rateOf('scalpstorm_fills_total', [], atVenue), legend: 'fills' }],
        },
      ],
    },
    brakes,
    {
      title: 'Duration',
      panels: [
        {
          title: 'Stages, p50',
          description: 'The usual time of each stage from the market event to the booked fill.',
          unit: 's',
          queries: stagesAt(0.5),
        },
        {
          title: 'Stages, p99',
          description:
            'Objectives: tick → decision 50 ms, decision → verdict 5 ms of judging. Runbooks: DecisionsSlow, RiskDecisionsSlow.',
          unit: 's',
          queries: stagesAt(0.99),
        },
        {
          title: 'Answer of the venue',
          description: 'From the request to the answer, by venue.',
          unit: 's',
          queries: [
            { expr: quantile(0.5, 'scalpstorm_order_ack_seconds', ['venue'], atVenue), legend: '{{venue}} p50' },
            { expr: quantile(0.99, 'scalpstorm_order_ack_seconds', ['venue'], atVenue), legend: '{{venue}} p99' },
          ],
        },
        {
          title: 'Judging a request',
          description: 'The gate alone, without waiting or telling.',
          unit: 's',
          queries: [
            { expr: quantile(0.5, 'scalpstorm_risk_decision_seconds'), legend: 'p50' },
            { expr: quantile(0.99, 'scalpstorm_risk_decision_seconds'), legend: 'p99' },
          ],
        },
        {
          title: 'One event through one bot, p99',
          description: 'By the kind of the event.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'scalpstorm_strategy_step_seconds', ['event']), legend: '{{event}}' }],
        },
        {
          title: 'To the first fill',
          description: 'From an order being stored to its first fill: a resting order waits for the market.',
          unit: 's',
          queries: [
            { expr: quantile(0.5, 'scalpstorm_order_fill_seconds', ['venue'], atVenue), legend: '{{venue}} p50' },
            { expr: quantile(0.9, 'scalpstorm_order_fill_seconds', ['venue'], atVenue), legend: '{{venue}} p90' },
          ],
        },
      ],
    },
    {
      title: 'Outcomes',
      panels: [
        {
          title: 'Verdicts',
          description: 'Approved and denied a second.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_risk_verdicts_total', ['kind']), legend: '{{kind}}' }],
        },
        {
          title: 'Denials by code',
          description: 'Denied is by us. docs/risk-checks.md tells every code. Runbook: DenialsMany.',
          unit: 'ops',
          queries: [
            { expr: rateOf('scalpstorm_risk_verdicts_total', ['code'], '{kind="denied"}'), legend: '{{code}}' },
          ],
        },
        {
          title: 'Rejects by code',
          description: 'Rejected is by the venue. Runbook: RejectsMany.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('scalpstorm_order_rejects_total', ['venue', 'code'], atVenue),
              legend: '{{venue}} {{code}}',
            },
          ],
        },
        {
          title: 'Approved and not sent',
          description:
            'By code: the approval was too old, the account was not reconciled, or trading was halted meanwhile.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_order_refusals_total', ['code']), legend: '{{code}}' }],
        },
        {
          title: 'Answers by outcome',
          description: 'Accepted, rejected, unknown a second, by venue.',
          unit: 'ops',
          queries: [
            { expr: rateOf('scalpstorm_orders_total', ['venue', 'outcome'], atVenue), legend: '{{venue}} {{outcome}}' },
          ],
        },
        {
          title: 'Orders of unknown fate',
          description: 'By account, over time. Good: soon 0 again.',
          unit: 'short',
          queries: [{ expr: 'sum by (account) (scalpstorm_orders_unknown)', legend: '{{account}}' }],
        },
        {
          title: 'Differences to the venue',
          description: 'Found by reconciliation an hour, by kind.',
          unit: 'short',
          queries: [{ expr: 'sum by (kind) (increase(scalpstorm_recon_breaks_total[1h]))', legend: '{{kind}}' }],
        },
        {
          title: 'Messages that wait in execution',
          description: 'Age of the oldest stored message that is not published, and how many wait.',
          unit: 's',
          queries: [{ expr: 'max(scalpstorm_outbox_oldest_age_seconds{service="execution"})', legend: 'oldest' }],
        },
      ],
    },
  ],
};
