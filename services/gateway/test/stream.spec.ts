import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { activityLogged, orderChanged, quoteChanged, tradeTicked, tradingStateChanged } from '@scalpstorm/contracts';
import { BotId, ClientOrderId, Price, Quantity, RiskScope, TradeId, type UserId } from '@scalpstorm/model';
import {
  aBot,
  aFill,
  anActivity,
  anOrder,
  anOrderRequest,
  aQuote,
  aTrade,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { WebSocket } from 'ws';
import { botRow } from '../src/handlers/http/schemas-bots.js';
import { GatewayRig, meta } from './gateway-rig.js';

interface StreamFrame {
  readonly op?: string;
  readonly ch?: string;
  readonly type?: string;
  readonly seq?: number;
  readonly ts: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  readonly data?: any[];
}

describeWithServers('the stream on real servers', (servers) => {
  let rig: GatewayRig;
  let token: string;
  let userId: UserId;
  let attempt = 0;
  const sockets: WebSocket[] = [];

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { ALLOWED_ORIGINS: 'https://trade.example' });
    ({ token, userId } = await rig.setUp());
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
  });
  afterAll(() => rig.close());

  function open(options: { origin?: string } = {}) {
    const socket = new WebSocket(`${rig.gateway.url.replace('http', 'ws')}/v1/stream`, options);
    sockets.push(socket);
    const frames: StreamFrame[] = [];
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    const refused = new Promise<number | undefined>((resolve) =>
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode)),
    );
    socket.on('message', (data) => frames.push(JSON.parse(String(data)) as StreamFrame));
    socket.on('error', () => undefined);
    const on = (channel: string) => frames.filter(({ ch, type }) => ch === channel && type !== undefined);
    return { socket, frames, closed, refused, on, say: (message: object) => socket.send(JSON.stringify(message)) };
  }

  async function subscribed(channels: readonly string[], as = token) {
    const client = open();
    await new Promise((resolve) => client.socket.once('open', resolve));
    client.say({ op: 'auth', token: as });
    client.say({ op: 'subscribe', channels });
    await eventually(() => {
      for (const channel of channels) expect(client.on(channel).length).toBeGreaterThan(0);
    });
    return client;
  }

  const nextRequest = (changes: Parameters<typeof anOrderRequest>[0] = {}) => {
    attempt += 1;
    const clientOrderId = ClientOrderId.forSlot({ botId: BotId.of('bot_live0001'), cycle: 0, leg: 'entry', attempt });
    return anOrderRequest({ userId, clientOrderId, botId: BotId.of('bot_live0001'), ...changes });
  };

  it('sends a snapshot and then each change with the next number', async () => {
    const bot = aBot({ id: BotId.of('bot_strm0001'), userId, version: 1 });
    await rig.announce(bot);
    await eventually(async () => expect((await rig.ask('GET', `/v1/bots/${bot.id}`, { token })).status).toBe(200));
    const client = await subscribed(['bots', 'orders', 'fills', 'activity', 'accounts', 'state']);
    expect(client.on('bots')[0]).toMatchObject({ type: 'snapshot', seq: 1 });
    expect(client.on('bots')[0]?.data?.map(({ id }) => id)).toContain(bot.id);
    expect(client.on('state')[0]?.data).toEqual([{ state: 'active', text: '', since: null }]);
    await rig.announce({ ...bot, version: 2 });
    await rig.announce({ ...bot, version: 3 }, true);
    await eventually(() => expect(client.on('bots')).toHaveLength(3));
    expect(client.on('bots').map(({ type, seq }) => [type, seq])).toEqual([
      ['snapshot', 1],
      ['delta', 2],
      ['delta', 3],
    ]);
    expect(botRow.parse(client.on('bots')[1]?.data?.[0])).toMatchObject({ version: 2 });
    expect(client.on('bots')[2]?.data).toEqual([{ id: bot.id, version: 3, deleted: true }]);
  });

  it('tells of an order with its fill, and of a halt', async () => {
    const client = await subscribed(['orders', 'fills', 'state']);
    const request = nextRequest();
    const fill = aFill({
      clientOrderId: request.clientOrderId,
      tradeId: TradeId.of(`s-${request.clientOrderId}`),
      quantity: Quantity.of('0.01'),
    });
    await rig.speakers.execution.bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'filled', version: 1 }),
      event: { kind: 'filled', fill },
    });
    await rig.speakers['risk-gate'].bus.send(tradingStateChanged, {
      meta: meta(),
      scope: RiskScope.platform,
      state: 'halted',
      text: 'storm',
    });
    await eventually(() => {
      expect(client.on('orders').at(-1)?.data?.[0]).toMatchObject({
        clientOrderId: request.clientOrderId,
        status: 'filled',
      });
      expect(client.on('fills').at(-1)?.data?.[0]).toMatchObject({ tradeId: fill.tradeId });
      expect(client.on('state').at(-1)?.data?.[0]).toMatchObject({ state: 'halted', text: 'storm' });
    });
    await rig.speakers['risk-gate'].bus.send(tradingStateChanged, {
      meta: meta(),
      scope: RiskScope.platform,
      state: 'active',
      text: '',
    });
    await eventually(() => expect(client.on('state').at(-1)?.data?.[0]).toMatchObject({ state: 'active' }));
  });

  it('merges prices to a few frames and never loses the newest', async () => {
    const client = await subscribed(['prices']);
    const { bus } = rig.speakers['market-data'];
    for (let tick = 1; tick <= 500; tick += 1)
      bus.publish(tradeTicked, { meta: meta(), trade: aTrade({ price: Price.of(String(tick)) }) });
    bus.publish(quoteChanged, {
      meta: meta(),
      quote: aQuote({ bidPrice: Price.of('499.9'), askPrice: Price.of('500.1') }),
    });
    await eventually(() => {
      expect(client.on('prices').at(-1)?.data?.[0]).toMatchObject({
        symbol: 'BTC-USDT',
        last: '500',
        bid: '499.9',
        ask: '500.1',
      });
    });
    // Far fewer than the 500 that there were; how many depends on how long those took.
    expect(client.on('prices').length).toBeLessThan(100);
  });

  it('carries nothing of one user to another', async () => {
    const other = await rig.addUser(token, 'listener@example.com');
    const stranger = await subscribed(['bots', 'orders', 'fills', 'activity', 'accounts'], other.token);
    const own = await subscribed(['bots', 'activity']);
    const bot = aBot({ id: BotId.of('bot_priv0001'), userId, version: 1 });
    await rig.announce(bot);
    await rig.speakers.strategy.bus.send(activityLogged, {
      meta: meta(),
      activity: anActivity({ userId, botId: bot.id }),
    });
    await rig.speakers.strategy.bus.send(activityLogged, {
      meta: meta(),
      activity: anActivity({ userId: null, botId: null, text: 'for everybody' }),
    });
    await eventually(() => {
      expect(own.on('activity').at(-1)?.data?.[0]).toMatchObject({ text: 'for everybody' });
      expect(stranger.on('activity').at(-1)?.data?.[0]).toMatchObject({ text: 'for everybody' });
    });
    expect(JSON.stringify(stranger.frames)).not.toMatch(/bot_/);
  });

  it('refuses pages from elsewhere and takes those on the list', async () => {
    expect(await open({ origin: 'https://evil.example' }).refused).toBe(403);
    for (const origin of [rig.gateway.url, 'https://trade.example']) {
      const { socket } = open({ origin });
      await new Promise((resolve) => socket.once('open', resolve));
    }
  });

  it('closes on a token that is not valid and on a frame that is too large', async () => {
    const wrong = open();
    await new Promise((resolve) => wrong.socket.once('open', resolve));
    wrong.say({ op: 'auth', token: 'not.a.token' });
    expect(await wrong.closed).toBe(4401);
    const large = open();
    await new Promise((resolve) => large.socket.once('open', resolve));
    large.socket.send('x'.repeat(20_000));
    expect(await large.closed).toBe(1009);
  });
});
