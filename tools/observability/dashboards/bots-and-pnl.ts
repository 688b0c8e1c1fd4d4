import { type DashboardPlan, quantile, rateOf } from './panels.ts';

const inMode = '{mode=~"$mode"}';

export const botsAndPnl: DashboardPlan = {
  uid: 'bots-and-pnl',
  title: 'Scalpstorm / Bots and PnL',
  description: 'What the bots do and earn. Money of different modes or currencies is never summed.',
  choices: [{ name: 'mode', metric: 'scalpstorm_bot_pnl' }],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Running bots',
          description: 'By mode.',
          unit: 'none',
          stat: {},
          queries: [{ expr: 'sum by (mode) (scalpstorm_bots{mode=~"$mode", state="running"})', legend: '{{mode}}' }],
        },
        {
          title: 'Bots in error',
          description: 'They do not trade until somebody looks. Good: 0. Runbook: BotsInError.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: 'sum(scalpstorm_bots{mode=~"$mode", state="error"})', legend: 'error' }],
        },
        {
          title: 'Net PnL',
          description: 'Of the completed cycles of the bots that exist, by mode and currency.',
          unit: 'short',
          stat: {},
          queries: [{ expr: `sum by (mode, currency) (scalpstorm_bot_pnl${inMode})`, legend: '{{mode}} {{currency}}' }],
        },
        {
          title: 'Fees',
          description: 'Of the same cycles, by mode and currency.',
          unit: 'short',
          stat: {},
          queries: [
            { expr: `sum by (mode, currency) (scalpstorm_bot_fees${inMode})`, legend: '{{mode}} {{currency}}' },
          ],
        },
        {
          title: 'Cycles in 1 h',
          description: 'Completed, by mode.',
          unit: 'none',
          stat: {},
          queries: [{ expr: `sum by (mode) (increase(scalpstorm_cycles_total${inMode}[1h]))`, legend: '{{mode}}' }],
        },
        {
          title: 'Models that serve',
          description: 'Models that answer now.',
          unit: 'none',
          stat: {},
          queries: [{ expr: 'sum(scalpstorm_inference_model_serving)', legend: 'models' }],
        },
      ],
    },
    {
      title: 'Money',
      panels: [
        {
          title: 'Net PnL',
          description: 'Of the completed cycles of the bots that exist. A deleted bot takes its own with it.',
          unit: 'short',
          queries: [{ expr: `sum by (mode, currency) (scalpstorm_bot_pnl${inMode})`, legend: '{{mode}} {{currency}}' }],
        },
        {
          title: 'Net PnL of the last hour',
          description: 'The change of the net PnL, by mode and currency.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (mode, currency) (delta(scalpstorm_bot_pnl${inMode}[1h]))`,
              legend: '{{mode}} {{currency}}',
            },
          ],
        },
        {
          title: 'Fees of the last hour',
          description: 'What the venues took for completed cycles, by mode and currency.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (mode, currency) (delta(scalpstorm_bot_fees${inMode}[1h]))`,
              legend: '{{mode}} {{currency}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Bots',
      panels: [
        {
          title: 'Bots by state',
          description: 'By mode and observed state.',
          unit: 'short',
          queries: [{ expr: `sum by (mode, state) (scalpstorm_bots${inMode}) > 0`, legend: '{{mode}} {{state}}' }],
        },
        {
          title: 'Cycles by end',
          description: 'Completed cycles a second by how they were closed: many stop-losses in a row want a look.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_cycles_total', ['mode', 'exit'], inMode), legend: '{{mode}} {{exit}}' }],
        },
        {
          title: 'Requests for orders',
          description: 'What the bots asked the gate for a second.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_strategy_decision_seconds_count'), legend: 'from the market' }],
        },
        {
          title: 'Deliveries of notifications',
          description: 'Attempts by channel and outcome. Runbook: NotificationsFail.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('scalpstorm_notification_attempts_total', ['channel', 'outcome']),
              legend: '{{channel}} {{outcome}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Models',
      panels: [
        {
          title: 'Predictions',
          description: 'Told a second, by model.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_inference_predictions_total', ['model']), legend: '{{model}}' }],
        },
        {
          title: 'One run of a batch, p99',
          description: 'The model alone, by model.',
          unit: 's',
          queries: [{ expr: quantile(0.99, 'scalpstorm_inference_compute_seconds', ['model']), legend: '{{model}}' }],
        },
        {
          title: 'Rows that wait',
          description: 'In the queue of each model.',
          unit: 'short',
          queries: [{ expr: 'sum by (model) (scalpstorm_inference_queue_rows)', legend: '{{model}}' }],
        },
      ],
    },
    {
      title: 'Research',
      panels: [
        {
          title: 'Jobs',
          description: 'That wait or run, of all processes.',
          unit: 'short',
          queries: [{ expr: 'max by (state) (scalpstorm_research_jobs)', legend: '{{state}}' }],
        },
        {
          title: 'Ends of jobs',
          description: 'A second, by what became of them.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_research_jobs_total', ['outcome']), legend: '{{outcome}}' }],
        },
        {
          title: 'One job, p95',
          description: 'From its beginning to its end, by kind.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'scalpstorm_research_job_seconds', ['kind']), legend: '{{kind}}' }],
        },
      ],
    },
  ],
};
