import { describe, expect, test } from '@jest/globals';
import { describeConfig, loadConfig } from '@scalpstorm/config';
import { kafkaBridgeEnv } from './config.js';
import { settingsFrom } from './settings-from.js';

const needed = {
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_USER: 'kafka-bridge',
  NATS_PASSWORD: 'nats-hush',
  KAFKA_BROKERS: 'a:9092,b:9093',
};
const settingsOf = (given: Record<string, string>) => settingsFrom(loadConfig(kafkaBridgeEnv, { ...needed, ...given }));
const sasl = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USER: 'ann', KAFKA_SASL_PASSWORD: 'kafka-hush' };

describe('the settings', () => {
  test('carry everything but market data, and no topic is made', () => {
    const { routes, newTopics, connection } = settingsOf({});
    expect([...routes.topics.keys()]).toEqual([
      ...['requests', 'cancels', 'verdicts', 'orders', 'fills', 'bots', 'cycles', 'accounts', 'reconciliations'],
      ...['trading-states', 'activity'],
    ]);
    expect(routes.topics.get('orders')).toBe('scalpstorm.orders');
    expect(newTopics).toBeNull();
    expect(connection).toMatchObject({ brokers: ['a:9092', 'b:9093'], tls: null, sasl: null });
  });

  test('name topics as they are told', () => {
    const given = { KAFKA_EVENTS: 'orders,quotes', KAFKA_TOPIC_PREFIX: 'desk.', KAFKA_TOPICS: 'orders=blotter' };
    expect([...settingsOf(given).routes.topics]).toEqual([
      ['orders', 'blotter'],
      ['quotes', 'desk.quotes'],
    ]);
  });

  test.each([
    [{ KAFKA_EVENTS: 'orders,approvals' }, 'KAFKA_EVENTS names approvals'],
    [{ KAFKA_TOPICS: 'order=x' }, 'KAFKA_TOPICS names order'],
    [{ KAFKA_TOPICS: 'orders=x,fills=x' }, 'KAFKA_TOPICS gives two families one topic'],
    [{ KAFKA_BROKERS: 'kafka://a:9092' }, 'KAFKA_BROKERS is'],
    [{ KAFKA_SASL_USER: 'ann' }, 'KAFKA_SASL_MECHANISM is not set'],
    [{ ...sasl }, 'KAFKA_TLS is off while a password is sent'],
    [{ KAFKA_CA_FILE: '/ca.pem' }, 'KAFKA_CA_FILE is set without KAFKA_TLS'],
    [{ KAFKA_TLS: 'true', KAFKA_CA_FILE: '/nowhere/ca.pem' }, 'KAFKA_CA_FILE cannot be read'],
    [{ KAFKA_TLS: 'true', KAFKA_CERTIFICATE_FILE: '/c.pem' }, 'KAFKA_CERTIFICATE_FILE or its key is missing'],
  ])('refuse %j', (given, words) => {
    expect(() => settingsOf(given)).toThrow(words);
  });

  test('never show a password', () => {
    const config = loadConfig(kafkaBridgeEnv, { ...needed, ...sasl, KAFKA_TLS: 'true' });
    expect(settingsFrom(config).connection.sasl?.password).toBe('kafka-hush');
    expect(JSON.stringify(describeConfig(kafkaBridgeEnv, config))).not.toContain('hush');
  });
});
