import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../paths.mjs';
import { checkFiles, readTexts } from './files.mjs';
import { composeEnvironments } from './trial-environment.mjs';

const passwords = {
  nats: { admin: 'of-admin', execution: 'of-execution', strategy: 'of-strategy' },
  postgresAdmin: 'of-the-superuser',
  redis: 'of-redis',
};
const addresses = {
  'nats:4222': '127.0.0.1:1001',
  'postgres:5432': '127.0.0.1:1002',
  'redis:6379': '127.0.0.1:1003',
  'sim-exchange:9000': '127.0.0.1:1004',
  'kafka:9092': '127.0.0.1:1005',
  'otel-collector:4318': undefined,
};

async function environments(change = (text) => text) {
  const { read } = await checkFiles({ root });
  const raw = parse(change(readTexts(root).compose), { merge: true });
  return composeEnvironments({ read: { ...read, raw }, namespace: 'trial', passwords, addresses });
}

describe('the trial of the images', () => {
  it('gives a service what compose gives it, at the addresses of this machine', async () => {
    const of = await environments();
    const execution = of('execution');
    expect(execution).toMatchObject({
      SCALPSTORM_NAMESPACE: 'trial',
      NATS_URL: 'nats://127.0.0.1:1001',
      NATS_USER: 'execution',
      NATS_PASSWORD: 'of-execution',
      LIVE_TRADING: 'no',
    });
    const database = new URL(execution.POSTGRES_URL);
    expect([database.host, database.username, database.pathname]).toEqual([
      '127.0.0.1:1002',
      'image_check',
      '/image_check',
    ]);
    expect(decodeURIComponent(database.password)).toBe(`a'b%20"c`);
    const [account] = JSON.parse(execution.VENUE_ACCOUNTS);
    expect(account).toMatchObject({ rest: 'http://127.0.0.1:1004', wsApi: 'ws://127.0.0.1:1004/ws-api/v3' });
    expect(account.apiKey).toBe(of('sim-exchange').SIM_API_KEY);
    expect(of('gateway').REDIS_URL).toBe('redis://:of-redis@127.0.0.1:1003');
    expect(of('setup').POSTGRES_ADMIN_URL).toBe('postgres://postgres:of-the-superuser@127.0.0.1:1002/postgres');
    expect(of('setup').POSTGRES_URL).toBe(execution.POSTGRES_URL);
    expect(of('kafka-bridge').KAFKA_BROKERS).toBe('127.0.0.1:1005');
  });

  it('leaves no name of a container in it, and out what is not here', async () => {
    const of = await environments();
    const { services } = parse(readTexts(root).compose, { merge: true });
    const built = Object.keys(services).filter((name) => services[name].build !== undefined);
    const names = new RegExp(`(//|@)(${Object.keys(services).join('|')})(:\\d|/)`);
    for (const name of built) {
      expect(of(name)).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
      expect(JSON.stringify(of(name))).not.toMatch(names);
    }
  });

  it('mends nothing: a service that speaks as another does so here, too', async () => {
    const of = await environments((text) => text.replace('NATS_USER: execution', 'NATS_USER: strategy'));
    expect(of('execution')).toMatchObject({ NATS_USER: 'strategy', NATS_PASSWORD: 'of-execution' });
  });
});
