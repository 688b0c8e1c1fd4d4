import { describe, expect, it } from '@jest/globals';
import { HealthRegistry } from './health.js';

function registry() {
  let now = 0;
  const health = new HealthRegistry(() => now);
  health.enter('serving');
  return {
    health,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

const down = () => Promise.reject(new Error('refused redis://:hunter2@host'));
const up = () => Promise.resolve();

describe('HealthRegistry', () => {
  it('is ready while every critical check passes', async () => {
    const { health } = registry();
    health.register('postgres', up);
    health.register('redis', down, { critical: false });
    const report = await health.report();
    expect(report.ready).toBe(true);
    expect(report.checks).toMatchObject({
      postgres: { status: 'up', critical: true },
      redis: { status: 'down', critical: false, error: 'refused redis://:[redacted]@host' },
    });
  });

  it('is not ready when a critical check fails, and ready again after it passes', async () => {
    const { health, pass } = registry();
    let check = down;
    health.register('postgres', () => check());
    expect((await health.report()).ready).toBe(false);
    check = up as typeof down;
    pass(1_000);
    expect((await health.report()).ready).toBe(true);
  });

  it('counts a check that never answers as down', async () => {
    const { health } = registry();
    health.register('stuck', () => new Promise(() => undefined), { timeoutMs: 5 });
    expect((await health.report()).checks['stuck']).toMatchObject({ status: 'down', error: 'no answer within 5 ms' });
  });

  it('runs the checks at most once a second, however many ask', async () => {
    const { health, pass } = registry();
    let runs = 0;
    health.register('counted', async () => {
      runs += 1;
    });
    await Promise.all([health.report(), health.report()]);
    pass(999);
    await health.report();
    expect(runs).toBe(1);
    pass(1);
    await health.report();
    expect(runs).toBe(2);
  });

  it('survives a check that throws at once', async () => {
    const { health } = registry();
    health.register('rude', () => {
      throw new Error('rude');
    });
    expect((await health.report()).checks['rude']).toMatchObject({ status: 'down', error: 'rude' });
  });

  it('is not ready before it serves and after it has begun to stop', async () => {
    const health = new HealthRegistry();
    expect(await health.report()).toMatchObject({ ready: false, phase: 'starting' });
    health.enter('serving');
    expect((await health.report()).ready).toBe(true);
    health.enter('stopping');
    expect(await health.report()).toMatchObject({ ready: false, phase: 'stopping' });
  });
});
