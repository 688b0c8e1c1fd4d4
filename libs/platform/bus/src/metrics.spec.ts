import { expect, test } from '@jest/globals';
import { Metrics } from '@scalpstorm/observability';
import { BusMetrics } from './metrics.js';

test('what was never handled, heard or asked is 0 from the start on, so that an alert on it can be trusted', async () => {
  const metrics = new Metrics('execution');
  const bus = new BusMetrics(metrics);
  bus.hears('VERDICTS', ['order.approved']);
  bus.listens('market.quote');
  bus.answers('execution.ask');
  const text = await metrics.registry.metrics();
  for (const series of [
    'bus_handled_total{message="order.approved",outcome="failed",service="execution"}',
    'bus_handler_seconds_count{service="execution",message="order.approved"}',
    'bus_dead_letters_total{stream="VERDICTS",cause="poison",service="execution"}',
    'bus_listened_total{message="market.quote",outcome="dropped",service="execution"}',
    'bus_answered_total{question="execution.ask",result="FAILED",service="execution"}',
  ]) {
    expect(text).toContain(`scalpstorm_${series} 0`);
  }
});
