import { expect, test } from '@jest/globals';
import { type Bot, type Mode, Money } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { aBot } from '@scalpstorm/testkit';
import { FleetMetrics } from './fleet-metrics.js';

const botOf = (mode: Mode, pnl: string, currency: string): Bot => {
  const bot = aBot();
  return { ...bot, config: { ...bot.config, mode }, totals: { ...bot.totals, pnl: Money.of(pnl, currency) } };
};

test('PnL is summed exactly, and never over modes or currencies', async () => {
  const metrics = new Metrics('strategy');
  const bots = [
    botOf('demo', '0.1', 'USDT'),
    botOf('demo', '0.2', 'USDT'),
    botOf('live', '-5', 'USDT'),
    botOf('demo', '7', 'EUR'),
  ];
  new FleetMetrics(metrics, () => bots);
  const values = (await metrics.registry.getSingleMetric('scalpstorm_bot_pnl')?.get())?.values ?? [];
  expect(values.map(({ labels, value }) => [labels['mode'], labels['currency'], value])).toEqual([
    ['demo', 'USDT', 0.3],
    ['live', 'USDT', -5],
    ['demo', 'EUR', 7],
  ]);
});

test('a state that no bot is in is 0, and every cycle end is known from the start on', async () => {
  const metrics = new Metrics('strategy');
  new FleetMetrics(metrics, () => [{ ...botOf('demo', '0', 'USDT'), observed: 'running' }]);
  const text = await metrics.registry.metrics();
  expect(text).toContain('scalpstorm_bots{mode="demo",state="running",service="strategy"} 1');
  expect(text).toContain('scalpstorm_bots{mode="live",state="error",service="strategy"} 0');
  expect(text).toContain('scalpstorm_cycles_total{mode="live",exit="stop-loss",service="strategy"} 0');
});
