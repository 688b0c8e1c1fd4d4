import { busAndStore } from './bus-and-store.ts';
import { monitoring } from './monitoring.ts';
import { type DashboardPlan, quantile, rateOf } from './panels.ts';

const chosen = '{service=~"$service"}';

export const platform: DashboardPlan = {
  uid: 'platform',
  title: 'Scalpstorm / Platform',
  description:
    'Is every service there, ready, quick and without errors? Rate, errors and duration a service; bus, store, process.',
  choices: [{ name: 'service', metric: 'scalpstorm_ready' }],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Services that do not answer',
          description: 'Targets that Prometheus cannot scrape. Good: 0. Runbook: ServiceDown.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: 'count(up{job="scalpstorm"}) - sum(up{job="scalpstorm"})', legend: 'down' }],
        },
        {
          title: 'Services that are not ready',
          description: 'As /health/ready says. Good: 0. Runbook: ServiceNotReady.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: `sum(1 - scalpstorm_ready${chosen})`, legend: 'not ready' }],
        },
        {
          title: 'Failing health checks',
          description: 'Checks of all services that do not pass, critical or not. Good: 0. Runbook: DependencyDown.',
          unit: 'none',
          stat: { warnFrom: 1 },
          queries: [{ expr: `sum(1 - scalpstorm_health_check_up${chosen})`, legend: 'failing' }],
        },
        {
          title: 'Dead letters in 24 h',
          description: 'Messages put aside for a person. Good: 0. Runbook: DeadLetters.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: `sum(increase(scalpstorm_bus_dead_letters_total${chosen}[24h]))`, legend: 'dead letters' }],
        },
        {
          title: 'Trading halted',
          description: '1 while trading is halted on the whole platform. Runbook: TradingHalted.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: 'max(scalpstorm_risk_platform_halted)', legend: 'halted' }],
        },
        {
          title: 'Open live streams',
          description: 'Websockets of pages and programs at the gateway.',
          unit: 'none',
          stat: {},
          queries: [{ expr: 'sum(scalpstorm_stream_connections)', legend: 'streams' }],
        },
      ],
    },
    {
      title: 'Rate, errors, duration',
      panels: [
        {
          title: 'Messages handled',
          description: 'Stream messages a second by service and message.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('scalpstorm_bus_handled_total', ['service', 'message'], chosen),
              legend: '{{service}} {{message}}',
            },
          ],
        },
        {
          title: 'Messages not done',
          description: 'Handled with another end than done: repeated, failed, poison. Good: 0. Runbook: HandlersFail.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf(
                'scalpstorm_bus_handled_total',
                ['service', 'message', 'outcome'],
                '{service=~"$service", outcome!="done"}',
              ),
              legend: '{{service}} {{message}} {{outcome}}',
            },
          ],
        },
        {
          title: 'Handler duration, p99',
          description: 'Time in the handler of a stream message.',
          unit: 's',
          queries: [
            {
              expr: quantile(0.99, 'scalpstorm_bus_handler_seconds', ['service', 'message'], chosen),
              legend: '{{service}} {{message}}',
            },
          ],
        },
        {
          title: 'Market messages heard',
          description: 'Core NATS messages a second by service.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('scalpstorm_bus_listened_total', ['service', 'message'], chosen),
              legend: '{{service}} {{message}}',
            },
          ],
        },
        {
          title: 'Market messages missed',
          description:
            'Dropped because the service was too slow, or unreadable. The next price cures it; steadily more than 0 is too much load.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf(
                'scalpstorm_bus_listened_total',
                ['service', 'outcome'],
                '{service=~"$service", outcome!="done"}',
              ),
              legend: '{{service}} {{outcome}}',
            },
          ],
        },
        {
          title: 'Questions not answered',
          description: 'Questions over the bus that got a failure for an answer. Good: 0.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf(
                'scalpstorm_bus_answered_total',
                ['service', 'question', 'result'],
                '{service=~"$service", result!="ok"}',
              ),
              legend: '{{service}} {{question}} {{result}}',
            },
          ],
        },
        {
          title: 'HTTP answers',
          description: 'Answers of the gateway a second, by the class of the status.',
          unit: 'reqps',
          queries: [{ expr: rateOf('scalpstorm_http_responses_total', ['class']), legend: '{{class}}' }],
        },
        {
          title: 'HTTP errors',
          description:
            'The share of answers that were our fault (5xx). The objective is 99.9 % without. Runbook: ApiErrorBudgetBurnsFast.',
          unit: 'percentunit',
          queries: [
            {
              expr: `${rateOf('scalpstorm_http_responses_total', [], '{class="5xx"}')} / (${rateOf('scalpstorm_http_responses_total')} > 0)`,
              legend: '5xx',
            },
          ],
        },
        {
          title: 'HTTP duration, p99',
          description: 'From the first byte of a request to the last of its answer, by route.',
          unit: 's',
          queries: [
            {
              expr: quantile(0.99, 'scalpstorm_http_request_duration_seconds', ['method', 'route']),
              legend: '{{method}} {{route}}',
            },
          ],
        },
      ],
    },
    busAndStore,
    {
      title: 'Live pages',
      panels: [
        {
          title: 'Open live streams',
          description: 'Websockets of pages and programs, by gateway.',
          unit: 'short',
          queries: [{ expr: 'sum by (instance) (scalpstorm_stream_connections)', legend: '{{instance}}' }],
        },
        {
          title: 'Gateways that know one another',
          description: 'As each sees it, and as many as answer Prometheus. Good: the same. Runbook: GatewaysApart.',
          unit: 'short',
          queries: [
            { expr: 'min by (instance) (scalpstorm_stream_gateways)', legend: '{{instance}}' },
            { expr: 'count(up{job="scalpstorm", service="gateway"} == 1)', legend: 'there' },
          ],
        },
        {
          title: 'New snapshots for every page',
          description: 'Times an hour that changes of another gateway were not heard. Runbook: StreamsRenewed.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (instance) (increase(scalpstorm_stream_renewals_total[1h]))',
              legend: '{{instance}}',
            },
          ],
        },
      ],
    },
    monitoring,
    {
      title: 'Processes',
      panels: [
        {
          title: 'Event loop delay, p99',
          description: 'Everything of a service waits so long. Runbook: EventLoopBlocked.',
          unit: 's',
          queries: [{ expr: `max by (service) (nodejs_eventloop_lag_p99_seconds${chosen})`, legend: '{{service}}' }],
        },
        {
          title: 'CPU',
          description: 'Cores that each service uses.',
          unit: 'short',
          queries: [{ expr: rateOf('process_cpu_seconds_total', ['service'], chosen), legend: '{{service}}' }],
        },
        {
          title: 'Memory',
          description: 'Resident memory, and the used part of the heap.',
          unit: 'bytes',
          queries: [
            { expr: `sum by (service) (process_resident_memory_bytes${chosen})`, legend: '{{service}} resident' },
            { expr: `sum by (service) (nodejs_heap_size_used_bytes${chosen})`, legend: '{{service}} heap' },
          ],
        },
        {
          title: 'Garbage collection',
          description: 'The share of time in which a service only collected.',
          unit: 'percentunit',
          queries: [{ expr: rateOf('nodejs_gc_duration_seconds_sum', ['service'], chosen), legend: '{{service}}' }],
        },
      ],
    },
  ],
};
