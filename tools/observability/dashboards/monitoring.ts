import type { Section } from './panels.ts';

/** Whether the alerts themselves would reach anybody. */
export const monitoring: Section = {
  title: 'The monitoring itself',
  panels: [
    {
      title: 'Pages that fire',
      description: 'Somebody should be at it.',
      unit: 'none',
      stat: { badFrom: 1 },
      queries: [{ expr: 'count(ALERTS{alertstate="firing", severity="page"}) or vector(0)', legend: 'pages' }],
    },
    {
      title: 'Tickets that fire',
      description: 'They wait for the morning.',
      unit: 'none',
      stat: { warnFrom: 1 },
      queries: [{ expr: 'count(ALERTS{alertstate="firing", severity="ticket"}) or vector(0)', legend: 'tickets' }],
    },
    {
      title: 'Not delivered in 1 h',
      description:
        'Attempts of Alertmanager to tell somebody that failed: an address is missing or wrong. Good: 0. Runbooks: AlertsNotDelivered, HeartbeatNotDelivered.',
      unit: 'none',
      stat: { badFrom: 1 },
      queries: [
        {
          expr: 'sum by (receiver_name) (increase(alertmanager_notifications_failed_total[1h]))',
          legend: '{{receiver_name}}',
        },
      ],
    },
    {
      title: 'Failed rules in 1 h',
      description: 'Evaluations that failed. Good: 0. Runbook: PrometheusFails.',
      unit: 'none',
      stat: { badFrom: 1 },
      queries: [{ expr: 'sum(increase(prometheus_rule_evaluation_failures_total[1h]))', legend: 'failed' }],
    },
  ],
};
