// Faults that a compose file can have although every name in it exists: each is planted, in memory, and must be found.
import { describe, expect, it } from '@jest/globals';
import { root } from '../paths.mjs';
import { checkFiles, readTexts } from './files.mjs';
import { parseNatsConfig } from './nats-config.mjs';

const texts = readTexts(root);

/** What one service says, from its name to the next. */
function sectionOf(name) {
  const text = texts.compose;
  const from = text.indexOf(`\n  ${name}:\n`);
  expect(from).toBeGreaterThan(0);
  const length = text.slice(from + 1).search(/\n( {2}[a-z#]|[a-z])/);
  return text.slice(from, length < 0 ? undefined : from + 1 + length);
}

async function failuresOf(changed) {
  const { failures } = await checkFiles({ root, texts: { ...texts, ...changed } });
  return failures.join('\n');
}

function replaced(text, from, to) {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed;
}

describe('a compose file', () => {
  it.each([
    [
      'waits for no set-up',
      'execution',
      '*after-servers',
      '{ nats: { condition: service_healthy } }',
      'wait for setup',
    ],
    [
      'waits for no database',
      'strategy',
      '*after-servers',
      '{ setup: { condition: service_started } }',
      'for postgres',
    ],
    ['waits for no bus', 'inference', /\n +depends_on:\n.*\n.*/, '', 'wait for nats'],
    ['waits for no cache', 'gateway', '      redis: { condition: service_healthy }\n', '', 'wait for redis'],
    ['waits for no consumers', 'kafka-bridge', /\n +kafka-consumers: .*/, '', 'wait for setup'],
    ['speaks as another', 'risk-gate', 'NATS_USER: risk-gate', 'NATS_USER: strategy', 'as strategy, not as risk-gate'],
    [
      'has the password of another',
      'risk-gate',
      'PASSWORD_RISK_GATE',
      'PASSWORD_STRATEGY',
      `\${NATS_PASSWORD_RISK_GATE}`,
    ],
    ['speaks as nobody', 'execution', '      NATS_USER: execution\n', '', 'as undefined, not as execution'],
    [
      'writes a user with the password of another',
      'nats-users',
      ': ${NATS_PASSWORD_GATEWAY',
      ': ${JWT_SECRET',
      'NATS_PASSWORD_GATEWAY is',
    ],
    [
      'may change the database server',
      'strategy',
      'NATS_USER:',
      'POSTGRES_ADMIN_URL: postgres://a:b@postgres:5432/c\n      NATS_USER:',
      'only setup',
    ],
    ['has a way out', 'risk-gate', 'networks: [inside]', 'networks: [inside, outside]', 'risk-gate: has a way out'],
    [
      'has no way to its venue',
      'execution',
      'networks: [inside, outside]',
      'networks: [inside]',
      'execution: has no way out',
    ],
    ['is in the network of everybody', 'redis', '    networks: [inside]\n', '', 'network of whoever names none'],
    ['keeps no orders', 'postgres', /\n +volumes: .*/, '', 'no volume keeps /var/lib/postgresql/data'],
    ['keeps orders elsewhere', 'postgres', '/var/lib/postgresql/data', '/var/lib/postgres', 'no volume keeps'],
    ['keeps no streams', 'nats', '- nats-data:/data', '- nats-data:/streams', 'no volume keeps /data/jetstream'],
    ['keeps no play money', 'sim-exchange', /\n +volumes: .*/, '', 'no volume keeps /var/lib/scalpstorm/exchange'],
    [
      'keeps no figures',
      'prometheus',
      'prometheus-data:/prometheus',
      'prometheus-data:/data',
      'no volume keeps /prometheus',
    ],
    [
      'has no rules',
      'prometheus',
      './deploy/prometheus:/etc/prometheus',
      './deploy/prometheus:/etc/prom',
      'is not mounted there',
    ],
    ['has no dashboards', 'grafana', ':/var/lib/grafana/dashboards:', ':/var/lib/dashboards:', 'no dashboards lie at'],
    [
      'has no sources of figures',
      'grafana',
      ':/etc/grafana/provisioning:',
      ':/etc/grafana:',
      'is not mounted at /etc/grafana/prov',
    ],
    [
      'has another configuration',
      'otel-collector',
      ':/etc/otel/collector.yaml',
      ':/etc/otelcol/config.yaml',
      'is not mounted there',
    ],
    [
      'knows no users of the bus',
      'nats',
      'nats-users:/etc/nats/users',
      'nats-data:/etc/nats/users',
      'into another volume',
    ],
    ['has no time to end', 'postgres', 'stop_grace_period: 60s', 'stop_grace_period: 1s', 'postgres: has 1 s to end'],
    ['waits for its clients to end', 'postgres', '    stop_signal: SIGINT\n', '', 'stop_signal is not SIGINT'],
    ['lets everybody read', 'postgres', '--auth=scram-sha-256', '--auth=trust', 'other log-ins'],
    ['asks nobody for a password', 'redis', 'requirepass %s\\n', '', 'asks nobody'],
    [
      'has a shell that stays',
      'redis',
      '> redis.conf && exec redis-server redis.conf',
      '| exec redis-server -',
      'the shell stays',
    ],
    ['may not write to its folder', 'redis', '"/data:mode=1777"', '/data', 'redis: may not write to /data'],
    ['may only read', 'grafana', 'tmpfs: [/tmp,', 'tmpfs: ["/tmp:ro",', 'not write to /tmp: it is read-only'],
    ['lets nobody write', 'grafana', 'tmpfs: [/tmp,', 'tmpfs: ["/tmp:mode=0700",', 'grafana: may not write to /tmp'],
    ['writes where it may not', 'redis', '"/data:mode=1777"', '', 'redis: may not write to /data'],
    ['ends, and is started again', 'setup', '    restart: "no"\n', '', 'setup: ends, and is started again'],
    [
      'trades live by itself',
      'execution',
      'LIVE_TRADING:-no',
      'LIVE_TRADING:-yes',
      `LIVE_TRADING is \${LIVE_TRADING:-yes}`,
    ],
    ['trades live', 'execution', /LIVE_TRADING: .*/, 'LIVE_TRADING: "yes"', 'LIVE_TRADING is yes'],
    [
      'has a password by itself',
      'notifications',
      'NOTIFICATIONS_KEY:-}',
      `NOTIFICATIONS_KEY:-${'a'.repeat(64)}}`,
      'when nobody sets it',
    ],
  ])('of which a service %s is refused: %s', async (_, service, from, to, said) => {
    const section = sectionOf(service);
    const compose = replaced(texts.compose, section, () => replaced(section, from, () => to));
    expect(await failuresOf({ compose })).toContain(said);
  });

  it.each([
    [
      'a cache without a password in its address',
      'compose',
      /redis:\/\/:\$\{[^}]+\}@/,
      'redis://',
      'has not the password of redis',
    ],
    [
      'another database than is made',
      'compose',
      /(\n {6}POSTGRES_ADMIN_URL: .*)\n +<<: \*postgres/,
      '$1\n      POSTGRES_URL: postgres://a:b@postgres:5432/c',
      'not the one that setup makes',
    ],
    [
      'an inner network with a way out',
      'compose',
      'inside: { internal: true }',
      'inside: {}',
      'networks.inside is not internal',
    ],
    [
      'services with a second to end',
      'compose',
      'stop_grace_period: 10s',
      'stop_grace_period: 1s',
      'gateway: has 1 s to end',
    ],
    [
      'live trading in its settings',
      'environment',
      'LIVE_TRADING=no',
      'LIVE_TRADING=yes',
      'LIVE_TRADING of .env.example',
    ],
    ['streams that a power cut shortens', 'nats', '  sync_interval: always\n', '', 'sync_interval is not always'],
    [
      'streams that are written now and then',
      'nats',
      'sync_interval: always',
      'sync_interval: 2m',
      'sync_interval is not always',
    ],
    ['a bus for everybody', 'nats', /\nauthorization \{[^}]+\}/, '', 'everybody may say everything'],
    ['a bus with a guest', 'nats', 'port: 4222', 'port: 4222\nno_auth_user: guest', 'lets everybody in'],
    ['a bus at another port', 'nats', 'port: 4222', 'port: 4333', 'listens at 4333'],
    ['other users of the bus', 'nats', 'users/users.conf', 'users.conf', 'into another volume'],
    ['health of the bus elsewhere', 'nats', 'http: 8222', 'http: 8333', 'tells its health at 8333'],
    ['streams elsewhere', 'nats', '/data/jetstream', '/var/jetstream', 'no volume keeps /var/jetstream'],
    ['rules elsewhere', 'prometheus', 'rules/*.yml', 'rulez/*.yml', 'no rules lie there'],
    [
      'dashboards elsewhere',
      'dashboards',
      '/var/lib/grafana/dashboards',
      '/var/lib/dashboards',
      'no dashboards lie at',
    ],
    [
      'addresses of pages elsewhere',
      'alertmanager',
      '/etc/alertmanager/secrets/pages',
      '/etc/secrets/pages',
      'is not mounted',
    ],
  ])('with %s is refused', async (_, file, from, to, said) => {
    expect(await failuresOf({ [file]: replaced(texts[file], from, to) })).toContain(said);
  });
});

describe('the configuration of NATS', () => {
  it('is read with its blocks, and without comments', () => {
    const text = '# c\nport: 4222 # d\na {\n  b = "c d"\n  include "x/y"\n}\n';
    expect(parseNatsConfig(text)).toEqual({ port: '4222', a: { b: 'c d', include: 'x/y' } });
  });

  it.each([
    ['what is not understood', 'a: [1]\n}', 'line 2: } is not understood'],
    ['a block without an end', 'a {\n', 'a block is not closed'],
  ])('is refused with %s', (_, text, said) => {
    expect(() => parseNatsConfig(text)).toThrow(said);
  });
});
