import { afterEach, describe, expect, test } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { commonEnv, natsEnv } from '@scalpstorm/config';
import { orderRequested } from '@scalpstorm/contracts';
import { createServiceApp, HealthRegistry, type ServiceApp } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { z } from 'zod';
import { Bus } from './bus.js';
import { BusModule } from './bus.module.js';
import { Hears } from './handlers.js';
import { done, type Outcome } from './outcome.js';
import { type NatsWorld, natsWorld } from './testing/nats-world.js';
import { type Note, note, noteContract } from './testing/note.js';
import { testNats } from './testing/throw-away-namespace.js';
import { until } from './testing/until.js';
import { ScalpstormTransport } from './transport.js';

const server = testNats();
const requested = noteContract(orderRequested);
const heard: string[] = [];

@Controller()
class OrderRequestedHandler {
  @Hears(requested)
  async handle({ text }: Note): Promise<Outcome> {
    heard.push(text);
    return done;
  }
}

@Module({ imports: [BusModule.forRoot({ speaker: 'risk-gate' })], controllers: [OrderRequestedHandler] })
class RiskGateModule {}

(server === null ? describe.skip : describe)('the bus in a service (needs TEST_NATS_URL)', () => {
  let world: NatsWorld | null = null;
  let service: ServiceApp | null = null;
  afterEach(async () => {
    await service?.close();
    await world?.close();
  });

  test('starts from the environment, hears, is healthy, counts, and closes', async () => {
    if (server === null) return;
    world = await natsWorld(server);
    const { url, user, password, namespace } = world.place.address('risk-gate');
    const log = new RecordingLog();
    service = await createServiceApp(RiskGateModule, {
      service: 'risk-gate',
      env: { SCALPSTORM_NAMESPACE: namespace, NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password },
      config: z.object({ ...commonEnv, ...natsEnv }),
      ownsProcess: false,
      log,
    });
    const { app } = service;
    app.connectMicroservice({ strategy: app.get(ScalpstormTransport) });
    const address = await service.listen();
    await (await world.connect('strategy')).bus.send(requested, note('demo', 'buy'));
    await until('the request', () => heard.length === 1);
    const { ready, checks } = await app.get(HealthRegistry).report();
    expect({ ready, nats: checks['nats']?.status }).toEqual({ ready: true, nats: 'up' });
    const metrics = await (await fetch(new URL('/metrics', address))).text();
    expect(metrics).toMatch(/scalpstorm_bus_handled_total\{[^}]*outcome="done"[^}]*\} 1/);
    const bus = app.get(Bus);
    await service.close();
    expect(bus.state).toBe('closed');
    expect(JSON.stringify(log.lines)).not.toContain(password);
  });
});
