import { describe, expect, test } from '@jest/globals';
import { companionNames, serviceEnvironment } from './launcher/services.mjs';
import { kafkaContainer, resolveKafka } from './servers/kafka.mjs';

describe('Kafka', () => {
  test('in a container listens on the loopback only, and says so to its clients', () => {
    const { args, environment } = kafkaContainer({ container: 'x', port: 4711 });
    expect(args).toContain('127.0.0.1:4711:9092');
    expect(environment.KAFKA_ADVERTISED_LISTENERS).toBe('PLAINTEXT://127.0.0.1:4711');
  });

  test('that somebody names is taken, and nothing is fetched', async () => {
    const found = await resolveKafka({ environment: { KAFKA_BROKERS: 'a:9092' }, cache: '/nowhere' });
    expect(found).toEqual({ from: 'environment', brokers: 'a:9092' });
  });

  test('nobody names: there is no bridge', () => {
    expect(companionNames.includes('kafka-bridge')).toBe(Boolean(process.env.KAFKA_BROKERS));
  });

  test('the bridge alone is given what is set for it', () => {
    const servers = { nats: { url: 'nats://x', passwords: {} }, postgres: { url: 'p' }, redis: { url: 'r' } };
    const instance = { secret: () => 'x' };
    const context = { servers, instance, exchange: { account: {} }, namespace: 'x', ports: { operations: {} } };
    const before = process.env.KAFKA_SASL_PASSWORD;
    process.env.KAFKA_SASL_PASSWORD = 'hush';
    try {
      const given = (name) => JSON.stringify(serviceEnvironment(name, context));
      expect(given('kafka-bridge')).toContain('hush');
      for (const name of ['strategy', 'risk-gate', 'notifications']) expect(given(name)).not.toContain('hush');
    } finally {
      if (before === undefined) delete process.env.KAFKA_SASL_PASSWORD;
      else process.env.KAFKA_SASL_PASSWORD = before;
    }
  });
});
