import { expect, test } from '@jest/globals';
import { millisecond } from '@scalpstorm/kernel';
import type { Order } from '@scalpstorm/model';
import { Quantity } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { aFill, anOrder, FakeClock } from '@scalpstorm/testkit';
import { OrderMetrics } from './order-metrics.js';

const clock = new FakeClock();
const at = { now: clock.now(), venueNow: clock.now() };
const venue = 'sim' as Parameters<OrderMetrics['begin']>[0];

async function readingOf(metrics: Metrics, name: string, labels: Record<string, string>): Promise<number | undefined> {
  const metric = await metrics.registry.getSingleMetric(`scalpstorm_${name.replace(/_count$/, '')}`)?.get();
  const found = metric?.values.find((value) => {
    const named = (value as { metricName?: string }).metricName ?? metric.name;
    return named === `scalpstorm_${name}` && Object.entries(labels).every(([key, text]) => value.labels[key] === text);
  });
  return found?.value;
}

test('what has not happened at a venue is 0, and a second account there does not forget what has', async () => {
  const metrics = new Metrics('execution');
  const orders = new OrderMetrics(metrics);
  orders.begin(venue);
  expect(await readingOf(metrics, 'order_rejects_total', { venue, code: 'WOULD_TAKE' })).toBe(0);
  expect(await readingOf(metrics, 'order_ack_seconds_count', { venue })).toBe(0);
  orders.answered(venue, { kind: 'unknown', code: 'TIMEOUT', text: '' }, 5 * millisecond);
  orders.begin(venue);
  expect(await readingOf(metrics, 'order_ack_seconds_count', { venue })).toBe(1);
});

test('an outcome that is not known is no reject', async () => {
  const metrics = new Metrics('execution');
  const orders = new OrderMetrics(metrics);
  orders.answered(venue, { kind: 'unknown', code: 'TIMEOUT', text: '' }, 1);
  orders.answered(venue, { kind: 'rejected', code: 'WOULD_TAKE', text: '', retryable: true }, 1);
  expect(await readingOf(metrics, 'orders_total', { venue, outcome: 'unknown' })).toBe(1);
  expect(await readingOf(metrics, 'order_rejects_total', { venue, code: 'TIMEOUT' })).toBeUndefined();
  expect(await readingOf(metrics, 'order_rejects_total', { venue, code: 'WOULD_TAKE' })).toBe(1);
});

test('the time to the first fill is told once an order', async () => {
  const metrics = new Metrics('execution');
  const orders = new OrderMetrics(metrics);
  const fill = aFill({ quantity: Quantity.of('1') });
  const after = (text: string): Order => anOrder({ filledQuantity: Quantity.of(text) });
  orders.filled(venue, { fill, order: after('1') }, at);
  orders.filled(venue, { fill, order: after('2') }, at);
  expect(await readingOf(metrics, 'fills_total', { venue })).toBe(2);
  expect(await readingOf(metrics, 'order_fill_seconds_count', { venue })).toBe(1);
});
