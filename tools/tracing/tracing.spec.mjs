import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { eventually } from '@scalpstorm/testkit';
import { chainOf, startReceiver } from './otlp-receiver.mjs';
import { serverEnvironment, startPlatform, startProcess } from './platform.mjs';
import { refusedBridge } from './refused-bridge.mjs';
import { plantedIn, secrets, serverPasswords } from './secrets.mjs';

const patience = { timeoutMs: 90_000, everyMs: 100 };
const email = 'owner@example.com';
const symbolOfVenue = (symbol) => symbol.replace('-', '');

test('a secret is found however it is written, and its absence, too', () => {
  const wanted = { a: 'planted?secret', b: 'another' };
  const forms = ['x planted?secret y', 'u:planted%3Fsecret@', Buffer.from('planted?secret').toString('base64')];
  for (const text of [...forms, Buffer.from('planted?secret').toString('hex')])
    expect(plantedIn(text, wanted)).toEqual(['a']);
  expect(plantedIn('nothing', wanted)).toEqual([]);
});

(testNats() === null ? describe.skip : describe)('the whole platform, looked at from outside', () => {
  let receiver;
  let platform;
  let token;
  /** What only its owner may see, and was told to him. */
  const told = {};
  const answers = [];

  beforeAll(async () => {
    receiver = await startReceiver();
    const shared = {
      LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${secrets.collector}`,
      TRACES_PER_SECOND_MAX: '1000',
    };
    const nobody = '127.0.0.1:9';
    const own = {
      'market-data': { TRACE_MARKET_RATIO: '1' },
      execution: { VAULT_MASTER_KEYS: secrets.vaultKey },
      gateway: { PORT: '0', JWT_SECRET: secrets.jwtSecret, SCALPSTORM_SETUP_TOKEN: secrets.setupToken },
      notifications: {
        NOTIFICATIONS_KEY: secrets.notificationsKey,
        TELEGRAM_BOT_TOKEN: secrets.telegramToken,
        TELEGRAM_API_ROOT: `http://${nobody}`,
        SMTP_URL: `smtp://mailer:${secrets.smtpPassword}@${nobody}`,
        SMTP_FROM: 'bots@example.com',
      },
      inference: { PORT: '0' },
    };
    const exchange = { SIM_API_KEY: secrets.venueKey, SIM_SECRET: secrets.venueSecret };
    platform = await startPlatform({ shared, own, exchange });
    const body = { token: secrets.setupToken, email, password: secrets.password };
    const { accessToken, refreshToken } = (await ask('POST', '/v1/setup', { body })).json;
    token = accessToken;
    Object.assign(told, { accessToken, refreshToken });
  });
  afterAll(async () => {
    await platform?.stop();
    await receiver?.close();
  });

  async function ask(method, path, { body, headers = {} } = {}) {
    const response = await fetch(platform.urls.gateway.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const requestId = response.headers.get('x-request-id');
    return { status: response.status, text, requestId, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  }

  /** The line of a service as an object; what is not JSON is none. */
  const linesOf = (name) =>
    platform.processes
      .filter((one) => one.name === name)
      .flatMap(({ lines }) => lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)));

  test('one trace goes from a price to the fill, and back to the bot', async () => {
    const bot = await waitingBot();
    const { rest } = platform.announced;
    const book = await fetch(`${rest}/api/v3/ticker/bookTicker?symbol=${symbolOfVenue(platform.symbol)}`);
    const { bidPrice } = await book.json();
    // Just below the best bid: it rests, and fills by the user stream when the market comes down to it.
    platform.venue.quote(0, { bid: (Number(bidPrice) - 0.02).toFixed(2), ask: Number(bidPrice).toFixed(2) });
    const isFill = ({ service, name, attributes }) =>
      service === 'strategy' && name === 'process order.changed.v1.{account}' && attributes['event.kind'] === 'filled';
    const isWhole = (span) => chainOf(span, receiver.spans).at(-1)?.service === 'market-data';
    const chain = await eventually(async () => {
      const heard = receiver.spans.find((span) => isFill(span) && isWhole(span));
      if (heard === undefined) throw new Error('the fill of an order that rests on a price was not heard yet');
      return chainOf(heard, receiver.spans);
    }, patience);
    const way = chain.toReversed().map(({ service, name }) => `${service}: ${name}`);
    expect(way).toEqual([
      'market-data: publish market.quote.v1.{venue}.{symbol}',
      'strategy: process market.quote.v1.{venue}.{symbol}',
      'strategy: decide scalping-cycle',
      'strategy: send order.requested.v1.{account}',
      'risk-gate: process order.requested.v1.{account}',
      'risk-gate: send order.approved.v1.{account}',
      'execution: process order.approved.v1.{account}',
      'execution: place order',
      'execution: fill',
      'execution: send order.changed.v1.{account}',
      'strategy: process order.changed.v1.{account}',
    ]);
    expect(new Set(chain.map(({ traceId }) => traceId)).size).toBe(1);
    expect(chain.at(-1).parentSpanId).toBe('');
    const [{ traceId, attributes }] = chain;
    expect(attributes).toMatchObject({
      'bot.id': bot.id,
      'account.id': 'demo',
      'instrument.id': `sim:${platform.symbol}`,
      'order.client_order_id': expect.any(String),
    });
    const placed = chain.find(({ name }) => name === 'place order');
    expect(placed.attributes['order.client_order_id']).toBe(attributes['order.client_order_id']);
    expect(placed.events).toEqual(['answer of the venue']);
    await eventually(async () => {
      const ofTrace = receiver.spans.filter((span) => span.traceId === traceId);
      const services = new Set(ofTrace.map(({ service }) => service));
      expect([...services].sort()).toEqual(
        expect.arrayContaining(['execution', 'gateway', 'market-data', 'risk-gate', 'strategy']),
      );
    }, patience);
    await nextOrderIsLinked(traceId);
  });

  /** What became of the entry led to the exit, which has a trace of its own. */
  async function nextOrderIsLinked(traceId) {
    const next = await eventually(async () => {
      const found = receiver.spans.find(
        ({ name, links }) => name.startsWith('decide') && links.some((link) => link.traceId === traceId),
      );
      if (found === undefined) throw new Error('the exit was not decided yet');
      return found;
    }, patience);
    expect([next.traceId === traceId, next.parentSpanId]).toEqual([false, '']);
  }

  async function waitingBot() {
    const parameters = {
      quantity: '1',
      buyPrice: { offset: '-1', unit: 'ticks', from: 'mid' },
      sellPrice: { offset: '20', unit: 'bps', from: 'entry' },
      loop: false,
    };
    const config = {
      name: 'followed',
      strategy: 'scalping-cycle',
      account: 'demo',
      venue: 'sim',
      mode: 'demo',
      parameters,
    };
    const created = await ask('POST', '/v1/bots', { body: { ...config, symbol: platform.symbol } });
    expect(created).toMatchObject({ status: 201, json: { id: expect.any(String) } });
    const { id } = created.json;
    const started = await ask('POST', `/v1/bots/${id}/start`);
    expect(started.status).toBe(202);
    return created.json;
  }

  test('a line has the ids of the request and the trace that led to it, in every service', async () => {
    const { requestId, status } = await ask('POST', '/v1/halt', { body: { text: 'storm' } });
    expect(status).toBe(200);
    const isOf = (line) => line.requestId === requestId;
    await eventually(() => {
      for (const name of ['strategy', 'execution']) expect(linesOf(name).filter(isOf)).not.toEqual([]);
    }, patience);
    const lines = ['strategy', 'execution'].flatMap((name) => linesOf(name).filter(isOf));
    const request = await eventually(() => {
      const found = receiver.spans.find(
        ({ name, traceId }) => name === 'POST /v1/halt' && traceId === lines[0].trace_id,
      );
      if (found === undefined) throw new Error('the request was not told yet');
      return found;
    }, patience);
    for (const line of lines) expect(line).toMatchObject({ trace_id: request.traceId, eventId: expect.any(String) });
    expect((await ask('POST', '/v1/release', { body: {} })).status).toBe(200);
    const services = platform.processes.map(({ name }) => name).filter((name) => name !== 'sim-exchange');
    for (const line of services.flatMap(linesOf))
      expect(line).toMatchObject({ level: expect.any(String), service: expect.any(String) });
  });

  test('a planted secret is in no line, metric, trace, page of health or answer that refuses', async () => {
    const created = await ask('POST', '/v1/api-keys', { body: { label: 'robot', scopes: ['read'] } });
    expect(created).toMatchObject({ status: 201 });
    told.apiKey = created.json.key;
    expect(told.apiKey).toEqual(expect.any(String));
    await provoke();
    await misconfigured();
    const bridge = await refusedBridge(platform, {
      LOG_LEVEL: 'trace',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
    });
    expect(plantedIn(bridge.sent, secrets)).toEqual(['kafkaPassword']);
    const pages = await Promise.all(
      Object.values(platform.urls).flatMap(({ operationsUrl }) =>
        ['/metrics', '/health/ready'].map(async (path) => (await fetch(operationsUrl + path)).text()),
      ),
    );
    const { accessToken, refreshToken, apiKey } = told;
    const wanted = { ...secrets, accessToken, refreshToken, apiKey, ...serverPasswords() };
    const said = {
      // The exchange announces its play account: that is how its key is had.
      lines: platform.processes.flatMap(({ name, lines }) => (name === 'sim-exchange' ? [] : lines)).join('\n'),
      pages: [...pages, ...bridge.pages].join('\n'),
      traces: receiver.texts.join('\n'),
      answers: answers.join('\n'),
    };
    expect(Object.entries(said).filter(([, text]) => text.length < 100)).toEqual([]);
    expect(
      Object.entries(said).flatMap(([where, text]) => plantedIn(text, wanted).map((what) => `${what} in ${where}`)),
    ).toEqual([]);
    expect(receiver.headers[0].authorization).toBe(`Bearer ${secrets.collector}`);
    expect(platform.processes.map(({ name, lines }) => [name, lines.length > 0])).toEqual(
      platform.processes.map(({ name }) => [name, true]),
    );
  });

  /** Everything that refuses, with a secret in the wrong place. */
  async function provoke() {
    const refused = [
      ['POST', '/v1/auth/login', { body: { email, password: secrets.wrongPassword } }],
      ['POST', '/v1/setup', { body: { token: secrets.setupToken, email, password: secrets.password } }],
      ['POST', '/v1/auth/refresh', { body: { refreshToken: secrets.stolenToken } }],
      ['GET', '/v1/bots', { headers: { authorization: `Bearer ${secrets.stolenToken}` } }],
      ['POST', '/v1/venue-accounts', { body: `{"secret":"${secrets.ownSecret}` }],
      [
        'POST',
        '/v1/venue-accounts',
        { body: { label: 'x', venue: secrets.ownSecret, mode: 'demo', apiKey: 'k', secret: 's' } },
      ],
      [
        'POST',
        '/v1/venue-accounts',
        { body: { label: 'x', venue: 'sim', mode: 'demo', apiKey: secrets.ownKey, secret: secrets.ownSecret } },
      ],
      ['POST', '/v1/users', { body: { email: 'nobody', password: secrets.wrongPassword, role: 'x' } }],
      ['POST', '/v1/notifications/webhook', { body: { url: `https://u:${secrets.webhookPassword}@127.0.0.1/` } }],
      ['POST', '/v1/notifications/test', { body: { channel: secrets.webhookPassword } }],
      ['POST', '/v1/bots/none/start', { headers: { 'idempotency-key': 'k' } }],
    ];
    for (const [method, path, given] of refused) {
      const { status, text } = await ask(method, path, given);
      if (status < 400) throw new Error(`${method} ${path} was answered with ${status}`);
      answers.push(text);
    }
  }

  /** Services that can not reach their servers, or are told nonsense, say so. */
  async function misconfigured() {
    const { place } = platform;
    const wrong = [
      { NATS_PASSWORD: secrets.wrongServerPassword },
      { POSTGRES_URL: `postgres://scalpstorm:${secrets.wrongServerPassword}@127.0.0.1:9/none` },
      { POSTGRES_URL: secrets.wrongServerPassword },
      { REDIS_URL: `redis://:${secrets.wrongServerPassword}@127.0.0.1:9` },
    ];
    for (const changes of wrong) {
      const env = {
        ...serverEnvironment('market-data', { place }),
        MARKET_SYMBOLS: 'sim:*',
        LOG_LEVEL: 'trace',
        ...changes,
      };
      const { rest, spotWs, wsApi } = platform.venue;
      const venue = { SIM_REST_URL: rest, SIM_SPOT_WS_URL: spotWs, SIM_WS_API_URL: wsApi };
      const started = startProcess({ name: 'market-data', env: { ...env, ...venue } });
      platform.processes.push(started);
      await started.line((line) => /"level":"(warn|error|fatal)"/.test(line));
      await started.stop('SIGKILL');
    }
  }

  test('a collector that is away holds nobody up', async () => {
    receiver.state.isDown = true;
    const { operationsUrl } = platform.urls.gateway;
    const failed = async () => {
      await ask('GET', '/v1/bots');
      const page = await (await fetch(`${operationsUrl}/metrics`)).text();
      return Number(/scalpstorm_trace_spans_total\{[^}]*outcome="failed"[^}]*\} (\d+)/.exec(page)?.[1] ?? 0);
    };
    await eventually(async () => expect(await failed()).toBeGreaterThan(0), patience);
    expect((await ask('GET', '/v1/bots')).status).toBe(200);
    expect((await fetch(`${operationsUrl}/health/ready`)).status).toBe(200);
    const gateway = platform.processes.find(({ name }) => name === 'gateway');
    await gateway.stop();
    const words = linesOf('gateway').map(({ msg }) => msg);
    expect(words).toContain('traces can not be sent and are dropped; trading does not wait for them');
    expect(words.at(-1)).toBe('stopped');
  });
});
