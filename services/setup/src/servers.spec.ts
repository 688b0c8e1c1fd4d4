import { expect, it } from '@jest/globals';
import { removeTopology } from '@scalpstorm/bus';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import { runCommand } from './command.js';

describeWithServers('the servers before the first start', (servers) => {
  const namespace = uniqueNamespace();
  const password = servers.natsPasswords['admin'] ?? '';
  const env = {
    SCALPSTORM_NAMESPACE: namespace,
    NATS_URL: servers.natsUrl,
    NATS_PASSWORD: password,
    POSTGRES_URL: servers.postgresUrl,
    SETUP_WAIT: '20s',
  };
  const run = async (changed: Record<string, string>) => {
    const log = new RecordingLog();
    const code = await runCommand(['servers'], { ...env, ...changed }, { log });
    return { code, said: log.lines.map(({ text }) => text) };
  };

  it('get their streams and consumers, and a second time changes nothing', async () => {
    try {
      for (const _ of [1, 2]) {
        const { code, said } = await run({});
        expect(said).toEqual(['the database is there', 'streams and consumers are there']);
        expect(code).toBe(0);
      }
    } finally {
      await removeTopology({ url: servers.natsUrl, user: 'admin', password, namespace });
    }
  });

  it('are the bus alone when no database is named', async () => {
    try {
      const { code, said } = await run({ POSTGRES_URL: '' });
      expect(said).toEqual(['streams and consumers are there']);
      expect(code).toBe(0);
    } finally {
      await removeTopology({ url: servers.natsUrl, user: 'admin', password, namespace });
    }
  });

  it.each([
    ['more copies than there are servers', { STREAM_REPLICAS: '3' }, 'replicas > 1 not supported'],
    ['a service that is not optional', { OPTIONAL_SERVICES: 'gateway' }, 'some of kafka-bridge'],
  ])('are told what they can not do: %s', async (_, changed, text) => {
    const { code, said } = await run({ ...changed, SETUP_WAIT: '1s' });
    expect(code).toBe(1);
    expect(said.at(-1)).toContain(text);
  });

  it('that do not answer are waited for, and then named', async () => {
    const { code, said } = await run({ POSTGRES_URL: 'postgres://a:b@127.0.0.1:1/c', SETUP_WAIT: '1s' });
    expect(code).toBe(1);
    expect(said[0]).toBe('not there yet');
    expect(said.at(-1)).toContain('ECONNREFUSED');
  });

  it('are not waited for with a name that could never be created', async () => {
    const { code, said } = await run({
      POSTGRES_URL: 'postgres://Some-One:b@127.0.0.1:5432/c',
      POSTGRES_ADMIN_URL: servers.postgresUrl,
    });
    expect(code).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('POSTGRES_URL must name a user and a database');
  });
});
