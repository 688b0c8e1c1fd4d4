import { quantile, rateOf, type Section } from './panels.ts';

const chosen = '{service=~"$service"}';

export const busAndStore: Section = {
  title: 'Bus and store',
  panels: [
    {
      title: 'Consumer lag',
      description: 'Messages in the stream that a service was not given yet. Runbook: ConsumerLags.',
      unit: 'short',
      queries: [
        { expr: `sum by (service, stream) (scalpstorm_bus_pending${chosen})`, legend: '{{service}} {{stream}}' },
      ],
    },
    {
      title: 'Messages in hand',
      description:
        'Given to a service and not acknowledged; those that wait for something that is away are told apart.',
      unit: 'short',
      queries: [
        { expr: `sum by (service) (scalpstorm_bus_in_hand${chosen})`, legend: '{{service}} in hand' },
        { expr: `sum by (service) (scalpstorm_bus_waiting_out${chosen})`, legend: '{{service}} waits' },
      ],
    },
    {
      title: 'Redeliveries and stalls',
      description: 'Messages delivered more than once, and silent consumers that were pulled again.',
      unit: 'ops',
      queries: [
        {
          expr: rateOf('scalpstorm_bus_redelivered_total', ['service', 'stream'], chosen),
          legend: '{{service}} {{stream}} again',
        },
        {
          expr: rateOf('scalpstorm_bus_stalls_total', ['service', 'stream'], chosen),
          legend: '{{service}} {{stream}} stalled',
        },
      ],
    },
    {
      title: 'Send to acknowledgement, p99',
      description: 'How long a stream takes to accept a message.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.99, 'scalpstorm_bus_send_seconds', ['service', 'message'], chosen),
          legend: '{{service}} {{message}}',
        },
      ],
    },
    {
      title: 'Published',
      description: 'Messages a second by result; failed and dropped are none in good times.',
      unit: 'ops',
      queries: [
        {
          expr: rateOf('scalpstorm_bus_published_total', ['service', 'result'], chosen),
          legend: '{{service}} {{result}}',
        },
      ],
    },
    {
      title: 'Reconnects to the bus',
      description: 'Times the connection was made again in the last hour.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (service) (increase(scalpstorm_bus_reconnects_total${chosen}[1h]))`,
          legend: '{{service}}',
        },
      ],
    },
    {
      title: 'Transactions, p99',
      description: 'From asking for a connection to the end of the transaction.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.99, 'scalpstorm_store_transaction_seconds', ['service'], chosen),
          legend: '{{service}}',
        },
      ],
    },
    {
      title: 'Database connections',
      description: 'By state; waiting are transactions that wait for a connection. Runbook: StorePoolExhausted.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (service, state) (scalpstorm_store_connections${chosen})`,
          legend: '{{service}} {{state}}',
        },
      ],
    },
    {
      title: 'Outbox',
      description: 'Age of the oldest message that is stored and not published. Runbook: OutboxStuck.',
      unit: 's',
      queries: [{ expr: `max by (service) (scalpstorm_outbox_oldest_age_seconds${chosen})`, legend: '{{service}}' }],
    },
    {
      title: 'Cache commands, p99',
      description: 'Redis by operation. What is not cached in half a second is got elsewhere.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.99, 'scalpstorm_cache_command_seconds', ['service', 'operation'], chosen),
          legend: '{{service}} {{operation}}',
        },
      ],
    },
  ],
};
