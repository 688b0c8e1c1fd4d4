import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { BotId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { GatewayRig, type Member } from './gateway-rig.js';
import { StreamClients } from './stream-client.js';

const trusted = 'https://trade.example';

describeWithServers('tickets for the stream on real servers', (servers) => {
  let rig: GatewayRig;
  let owner: Member;
  let clients: StreamClients;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers, { ALLOWED_ORIGINS: `${trusted},https://other.example` });
    owner = await rig.setUp();
    clients = new StreamClients(rig);
    await rig.announce(aBot({ id: BotId.of('bot_tick0001'), userId: owner.userId, version: 1 }));
    await eventually(async () =>
      expect((await rig.ask('GET', '/v1/bots/bot_tick0001', { token: owner.token })).status).toBe(200),
    );
  });
  afterEach(() => clients.close());
  afterAll(() => rig.close());

  async function ticketOf(token: string, origin?: string): Promise<string> {
    const headers: Record<string, string> = origin === undefined ? {} : { origin };
    const answered = await rig.ask('POST', '/v1/stream/tickets', { token, headers });
    expect(answered.status).toBe(201);
    return answered.body.ticket;
  }
  const keyOf = async (scopes: readonly string[], more: object = {}) =>
    (await rig.ask('POST', '/v1/api-keys', { token: owner.token, body: { label: 'key', scopes, ...more } })).body;

  it('let a page in by the address alone, and show it what is its user’s', async () => {
    const client = await clients.open({ origin: trusted, ticket: await ticketOf(owner.token, trusted) });
    client.say({ op: 'subscribe', channels: ['bots'] });
    await eventually(() => expect(client.on('bots')).toHaveLength(1));
    expect(client.frames[0]).toMatchObject({ op: 'ready' });
    expect(client.on('bots')[0]?.data?.map(({ id }) => id)).toContain('bot_tick0001');
  });

  it('let a client in by its first frame too', async () => {
    const client = await clients.open();
    client.say({ op: 'auth', ticket: await ticketOf(owner.token) });
    await eventually(() => expect(client.frames[0]).toMatchObject({ op: 'ready' }));
  });

  it('do not outlive the log-in that they came from', async () => {
    const client = await clients.open({ ticket: await ticketOf(owner.token) });
    await eventually(() => expect(client.frames[0]).toMatchObject({ op: 'ready' }));
    const direct = await clients.open();
    direct.say({ op: 'auth', token: owner.token });
    await eventually(() => expect(direct.frames[0]).toMatchObject({ op: 'ready' }));
    expect(client.frames[0]?.['expiresAt']).toBe(direct.frames[0]?.['expiresAt']);
  });

  it('work once', async () => {
    const ticket = await ticketOf(owner.token);
    const first = await clients.open({ ticket });
    await eventually(() => expect(first.frames[0]).toMatchObject({ op: 'ready' }));
    const second = await clients.open({ ticket });
    expect(await second.closed).toBe(4401);
    expect([second.frames, second.reason()]).toEqual([[], expect.stringContaining('TICKET_REFUSED')]);
  });

  it('that nobody gave, and tokens in the address, let nobody in', async () => {
    expect(await (await clients.open({ ticket: `sct_${'A'.repeat(43)}` })).closed).toBe(4401);
    expect(await (await clients.open({ ticket: owner.token.slice(0, 90) })).closed).toBe(4401);
  });

  it('are for the page that asked: from another or from a program they are used up in vain', async () => {
    const ticket = await ticketOf(owner.token, trusted);
    expect(await (await clients.open({ origin: 'https://other.example', ticket })).closed).toBe(4401);
    expect(await (await clients.open({ origin: trusted, ticket })).closed).toBe(4401);
    expect(await (await clients.open({ ticket: await ticketOf(owner.token, trusted) })).closed).toBe(4401);
    const strange = clients.dial({ origin: 'https://evil.example', ticket: await ticketOf(owner.token) });
    expect(await strange.refused).toBe(403);
  });

  it('of another user cannot take a stream over', async () => {
    const other = await rig.addUser(owner.token, 'other@example.com');
    const client = await clients.open({ ticket: await ticketOf(owner.token) });
    client.say({ op: 'auth', ticket: await ticketOf(other.token) });
    expect(await client.closed).toBe(4401);
  });

  it('carry what their key may do, and what became of it meanwhile', async () => {
    const reader = await keyOf(['read']);
    const client = await clients.open({ ticket: await ticketOf(reader.key) });
    await eventually(() => expect(client.frames[0]).toMatchObject({ op: 'ready' }));
    const trader = await keyOf(['trade']);
    const asked = await rig.ask('POST', '/v1/stream/tickets', { token: trader.key });
    expect(asked).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
    const ticket = await ticketOf(reader.key);
    await rig.ask('DELETE', `/v1/api-keys/${reader.id}`, { token: owner.token });
    expect(await (await clients.open({ ticket })).closed).toBe(4401);
  });

  it('are in no line of the log', async () => {
    const ticket = await ticketOf(owner.token);
    await clients.open({ ticket });
    expect(JSON.stringify(rig.log.lines)).not.toContain(ticket.slice(4));
  });
});
