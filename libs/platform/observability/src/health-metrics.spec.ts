import { expect, test } from '@jest/globals';
import { HealthRegistry } from './health.js';
import { measureHealth } from './health-metrics.js';
import { Metrics } from './metrics.js';

const away = () => Promise.reject(new Error('away'));
const here = async () => undefined;

test('what is not ready, and why, can be scraped; checks of one kind are one series', async () => {
  const [health, metrics] = [new HealthRegistry(), new Metrics('execution')];
  health.register('postgres', here);
  health.register('account:one', away, { critical: false });
  health.register('account:two', here, { critical: false });
  measureHealth(health, metrics);
  expect(await metrics.registry.metrics()).toContain('scalpstorm_ready{service="execution"} 0');
  health.enter('serving');
  const text = await metrics.registry.metrics();
  expect(text).toContain('scalpstorm_ready{service="execution"} 1');
  expect(text).toContain('scalpstorm_health_check_up{check="postgres",critical="true",service="execution"} 1');
  expect(text).toContain('scalpstorm_health_check_up{check="account",critical="false",service="execution"} 0');
  expect(text).not.toContain('account:');
});
