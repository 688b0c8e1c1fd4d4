import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { accountChanged, activityLogged, orderChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { StreamService } from '@scalpstorm/contracts/api';
import { BotId, ClientOrderId, Quantity, RiskScope, TradeId } from '@scalpstorm/model';
import {
  aBalance,
  aBot,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import type { RunningGateway } from '../src/start.js';
import { GatewayRig, type Member, meta } from './gateway-rig.js';
import { GrpcClient } from './grpc-client.js';
import { StreamClients } from './stream-client.js';

const own = ['bots', 'orders', 'fills', 'activity', 'accounts', 'state'] as const;
const patience = { timeoutMs: 60_000 };

describeWithServers('two gateways of one platform, on real servers', (servers) => {
  let rig: GatewayRig;
  let replica: RunningGateway;
  let gateways: readonly RunningGateway[];
  let doors: readonly StreamClients[];
  let owner: Member;
  let bots = 0;

  /** The value of a metric at one gateway; null while there is none. */
  async function metric(gateway: RunningGateway, name: string, labels = ''): Promise<number | null> {
    const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name}{`) && one.includes(labels));
    return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  const ofEach = (name: string, labels?: string) =>
    Promise.all(gateways.map((gateway) => metric(gateway, name, labels)));
  const folded = () => ofEach('scalpstorm_bus_handled_total', 'message="BotChanged",outcome="done"');

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { GRPC_PORT: '0' });
    replica = await rig.replica({ GRPC_PORT: '0' });
    gateways = [rig.gateway, replica];
    doors = gateways.map((gateway) => new StreamClients({ gateway }));
    owner = await rig.setUp();
    await eventually(async () => expect(await ofEach('scalpstorm_stream_gateways')).toEqual([2, 2]), patience);
  });
  afterEach(() => {
    for (const door of doors) door.close();
  });
  afterAll(async () => {
    await replica.close();
    await rig.close();
  });

  /** Listens at each gateway; resolves when every channel has its snapshot. */
  const listenAtEach = (channels: readonly string[]) =>
    Promise.all(
      doors.map(async (door) => {
        const client = await door.open();
        client.say({ op: 'auth', token: owner.token });
        client.say({ op: 'subscribe', channels });
        await eventually(() => {
          for (const channel of channels) expect(client.on(channel)).toHaveLength(1);
        }, patience);
        return client;
      }),
    );
  const newBot = (version = 1) => {
    bots += 1;
    return aBot({ id: BotId.of(`bot_two${String(bots).padStart(5, '0')}`), userId: owner.userId, version });
  };

  it('show the changes that either has folded at both, each once, with the next number', async () => {
    const clients = await listenAtEach(['bots']);
    const before = await folded();
    const told: { readonly id: string; readonly version: number }[] = [];
    await eventually(async () => {
      for (let count = 0; count < 10; count += 1) {
        const bot = newBot();
        told.push(bot);
        await rig.announce(bot);
      }
      const now = await folded();
      for (const [index, count] of now.entries()) expect(count ?? 0).toBeGreaterThan(before[index] ?? 0);
    }, patience);
    for (const client of clients) {
      await eventually(() => expect(client.on('bots').length).toBeGreaterThan(told.length), patience);
      expect(client.on('bots').map(({ type, seq }) => [type, seq])).toEqual([
        ['snapshot', 1],
        ...told.map((_, index) => ['delta', index + 2]),
      ]);
      const shown = client.on('bots').flatMap(({ type, data }) => (type === 'delta' ? (data ?? []) : []));
      expect(shown.map(({ id }) => id).toSorted()).toEqual(told.map(({ id }) => id).toSorted());
    }
  });

  it('show the states of one thing in their order, and what was deleted does not come back', async () => {
    const clients = await listenAtEach(['bots']);
    const bot = newBot(0);
    const versions = Array.from({ length: 30 }, (_, version) => version);
    for (const version of versions) await rig.announce({ ...bot, version });
    await rig.announce({ ...bot, version: versions.length }, true);
    for (const client of clients) {
      const states = () =>
        client
          .on('bots')
          .flatMap(({ type, data }) => (type === 'delta' ? (data ?? []) : []))
          .filter(({ id }) => id === bot.id);
      await eventually(() => expect(states().at(-1)).toMatchObject({ deleted: true }), patience);
      const shown = states().map(({ version }) => version as number);
      expect(shown).toEqual(shown.toSorted((left, right) => left - right));
    }
  });

  it('show orders, fills, holdings, the log and halts at both, and over gRPC', async () => {
    const clients = await listenAtEach(own);
    const watchers = gateways.map((gateway) => new GrpcClient(gateway.grpcAddress ?? ''));
    const watches = watchers.map((client) =>
      client.watch(StreamService.method.watch, { channels: ['orders'] }, { token: owner.token }),
    );
    for (const { frames } of watches) await eventually(() => expect(frames).toHaveLength(1), patience);
    const request = anOrderRequest({
      userId: owner.userId,
      clientOrderId: ClientOrderId.forSlot({ botId: BotId.of('bot_two00000'), cycle: 0, leg: 'entry', attempt: 1 }),
    });
    const { clientOrderId } = request;
    const fill = aFill({ clientOrderId, tradeId: TradeId.of(`t-${clientOrderId}`), quantity: Quantity.of('0.01') });
    const { execution, strategy, 'risk-gate': risk } = rig.speakers;
    await execution.bus.send(orderChanged, {
      meta: meta(),
      order: anOrder({ request, status: 'filled', version: 1 }),
      event: { kind: 'filled', fill },
    });
    const account = anAccount();
    await execution.bus.send(accountChanged, { meta: meta(), account, balances: [aBalance()], positions: [] });
    await strategy.bus.send(activityLogged, { meta: meta(), activity: anActivity({ userId: owner.userId }) });
    await risk.bus.send(tradingStateChanged, {
      meta: meta(),
      scope: RiskScope.platform,
      state: 'halted',
      text: 'storm',
    });
    for (const client of clients) {
      await eventually(() => {
        for (const channel of own.slice(1)) expect([channel, client.on(channel).length]).toEqual([channel, 2]);
      }, patience);
      expect(client.on('orders')[1]?.data).toEqual([expect.objectContaining({ clientOrderId, version: 1 })]);
      expect(client.on('fills')[1]?.data).toEqual([expect.objectContaining({ tradeId: fill.tradeId })]);
      expect(client.on('accounts')[1]?.data).toEqual([expect.objectContaining({ id: account.id })]);
      expect(client.on('state')[1]?.data).toEqual([expect.objectContaining({ state: 'halted', text: 'storm' })]);
      expect(client.frames.filter(({ op }) => op === 'gap')).toEqual([]);
    }
    for (const { frames } of watches) await eventually(() => expect(frames).toHaveLength(2), patience);
    for (const { cancel } of watches) cancel();
    for (const client of watchers) client.close();
  });

  it('have what they show in the read model before they show it', async () => {
    const clients = await listenAtEach(['bots']);
    const bot = newBot();
    await rig.announce(bot);
    for (const [index, client] of clients.entries()) {
      await eventually(() => expect(client.on('bots')).toHaveLength(2), patience);
      const late = await doors[index]?.open();
      late?.say({ op: 'auth', token: owner.token });
      late?.say({ op: 'subscribe', channels: ['bots'] });
      await eventually(() => expect(late?.on('bots')).toHaveLength(1), patience);
      expect(late?.on('bots')[0]?.data?.map(({ id }) => id)).toContain(bot.id);
    }
  });

  it('take each other’s tickets, and give a snapshot to who comes from the other', async () => {
    const [here, there] = doors;
    const ticket = async () => (await rig.ask('POST', '/v1/stream/tickets', { token: owner.token })).body.ticket;
    const first = await here?.open({ ticket: await ticket() });
    first?.say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(first?.on('bots')).toHaveLength(1), patience);
    const at = first?.on('bots')[0];
    const epoch = at?.['epoch'];
    const second = await there?.open({ ticket: await ticket() });
    second?.say({ op: 'subscribe', channels: ['bots'], resume: { bots: { epoch, seq: at?.seq } } });
    await eventually(() => expect(second?.on('bots')).toHaveLength(1), patience);
    expect(second?.frames[0]).toMatchObject({ op: 'ready' });
    expect(second?.on('bots')[0]).toMatchObject({ type: 'snapshot' });
    expect(second?.on('bots')[0]?.['epoch']).not.toBe(epoch);
  });

  it('go on as they are when a third one comes and goes', async () => {
    const clients = await listenAtEach(['bots']);
    const renewals = await ofEach('scalpstorm_stream_renewals_total');
    const third = await rig.replica();
    await eventually(async () => expect(await ofEach('scalpstorm_stream_gateways')).toEqual([3, 3]), patience);
    await third.close();
    await rig.announce(newBot());
    for (const client of clients) {
      await eventually(() => expect(client.on('bots')).toHaveLength(2), patience);
      expect(client.frames.filter(({ op }) => op === 'gap')).toEqual([]);
    }
    expect(await ofEach('scalpstorm_stream_renewals_total')).toEqual(renewals);
  });
});
