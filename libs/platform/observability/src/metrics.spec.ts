import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('prefixes names and adds the service', async () => {
    const metrics = new Metrics('risk-gate');
    metrics.counter({ name: 'orders_total', help: 'Orders.', labels: ['outcome'] }).inc({ outcome: 'denied' });
    const text = await metrics.registry.metrics();
    expect(text).toMatch(
      /^scalpstorm_orders_total\{(outcome="denied",service="risk-gate"|service="risk-gate",outcome="denied")\} 1$/m,
    );
  });

  it('gives the same metric to everybody who asks for its name, and refuses another kind of it', () => {
    const metrics = new Metrics('x');
    const options = { name: 'things', help: 'Things.' };
    expect(metrics.gauge(options)).toBe(metrics.gauge(options));
    expect(() => metrics.counter(options)).toThrow('another kind');
  });

  it('asks a gauge for its value when it is scraped', async () => {
    const metrics = new Metrics('x');
    let size = 1;
    metrics.gauge({ name: 'size', help: 'Size.', collect: (gauge) => gauge.set(size) });
    size = 7;
    expect(await metrics.registry.metrics()).toContain('scalpstorm_size{service="x"} 7');
  });

  it('measures nothing when it is silent, and asks no gauge', async () => {
    const metrics = new Metrics('x', { silent: true });
    const counter = metrics.counter({ name: 'orders_total', help: 'Orders.' });
    counter.inc();
    expect(metrics.counter({ name: 'orders_total', help: 'Orders.' })).toBe(counter);
    metrics.histogram({ name: 'step_seconds', help: 'Step.' }).startTimer()();
    const collect = () => {
      throw new Error('asked');
    };
    metrics.gauge({ name: 'size', help: 'Size.', collect }).set(3);
    expect((await counter.get()).values).toEqual([{ labels: {}, value: 0 }]);
    expect((await metrics.registry.metrics()).trim()).toBe('');
  });

  it('resolves durations from 50 µs to 10 s', async () => {
    const metrics = new Metrics('x');
    metrics.histogram({ name: 'step_seconds', help: 'Step.' }).observe(0.000_07);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/step_seconds_bucket\{le="0.00005",service="x"\} 0/);
    expect(text).toMatch(/step_seconds_bucket\{le="0.0001",service="x"\} 1/);
    expect(text).toMatch(/step_seconds_bucket\{le="10",service="x"\} 1/);
  });

  it('tells of the process itself under the usual names', async () => {
    const text = await new Metrics('x', { nodeMetrics: true }).registry.metrics();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds{service="x"}');
    expect(text).toContain('process_resident_memory_bytes{service="x"}');
  });
});
