import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { BotCommand } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, Price, UserId } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, parameters, StrategyWorld } from './strategy-world.js';
import { VenueOrders } from './venue-orders.js';

const stranger = UserId.of('user_2');
const unknownBot = BotId.of('bot_nobodyxx');

describeWithServers('the commands of users', (servers) => {
  let world: StrategyWorld;

  beforeEach(async () => {
    world = await StrategyWorld.open(servers, { BOTS_PER_USER_MAX: '2' });
    await world.startService();
  });

  afterEach(async () => {
    await world?.close();
  });

  it('a name that is taken is refused to the same user, and to nobody else', async () => {
    botOf(await world.create(configOf()));
    const again = await world.create(configOf());
    expect(again).toMatchObject({ ok: false, refusals: [{ code: 'NAME_TAKEN', field: '/name' }] });
    botOf(await world.create(configOf(), stranger));
    const [counts] = await world.sql`select count(*)::int as bots from bots`;
    expect(counts).toEqual({ bots: 2 });
  });

  it('a user has so many bots at most, deleted ones not counted', async () => {
    const first = botOf(await world.create(configOf({ name: 'first' })));
    botOf(await world.create(configOf({ name: 'second' })));
    const third = () => world.create(configOf({ name: 'third' }));
    expect(await third()).toMatchObject({
      ok: false,
      refusals: [{ code: 'TOO_MANY_BOTS', field: '', allowed: 'at most 2' }],
    });
    botOf(await world.create(configOf(), stranger));
    botOf(await world.ask({ kind: 'delete', commandId: world.commandId(), userId: owner, botId: first.id }));
    botOf(await third());
  });

  it('another user’s bot is not found, whatever is asked of it', async () => {
    const { id: botId } = await world.started();
    const before = await world.sql`select * from bots`;
    const ask = (command: Partial<BotCommand>) =>
      world.ask({ commandId: world.commandId(), userId: stranger, botId, ...command } as BotCommand);
    const answers = [
      await ask({ kind: 'verb', verb: 'stop' }),
      await ask({ kind: 'edit', name: null, parameters }),
      await ask({ kind: 'delete' }),
      await ask({ kind: 'verb', verb: 'stop', userId: owner, botId: unknownBot }),
    ];
    expect(answers.map(codesOf)).toEqual(answers.map(() => ['BOT_NOT_FOUND']));
    expect(await world.sql`select * from bots`).toEqual(before);
    expect(botOf(await world.verb(botId, 'start'))).toMatchObject({ observed: 'running' });
  });

  it('carries a command out once, however often it is asked, also after a restart', async () => {
    const create: BotCommand = { kind: 'create', commandId: 'create-1', userId: owner, config: configOf() };
    const bot = botOf(await world.ask(create));
    expect(botOf(await world.ask(create))).toEqual(bot);
    const verb = { kind: 'verb', commandId: 'start-1', userId: owner, botId: bot.id, verb: 'start' } as const;
    const started = botOf(await world.ask(verb));
    const stopped = botOf(await world.verb(bot.id, 'stop'));
    expect(stopped.desired).toBe('stopped');
    await world.restartService();
    expect(botOf(await world.ask(verb)).desired).toBe('stopped');
    expect(started.id).toBe(bot.id);
    expect(botOf(await world.ask(create)).id).toBe(bot.id);
    const [counts] = await world.sql`select count(*)::int as bots from bots`;
    expect(counts).toEqual({ bots: 1 });
  });

  it('refuses what comes too late, and still answers what it carried out in time', async () => {
    const [past, future] = [Timestamp.fromMillis(1_700_000_000_000), Timestamp.fromMillis(4_000_000_000_000)];
    const { id: botId } = await world.started();
    const flatten = { kind: 'verb', commandId: 'flatten-1', userId: owner, botId, verb: 'flatten' } as const;
    const late = await world.ask({ ...flatten, until: past });
    expect(late).toMatchObject({
      ok: false,
      refusals: [{ code: 'COMMAND_EXPIRED', next: expect.stringMatching(/again/) }],
    });
    // Told a moment after it is answered.
    await eventually(async () => expect(await world.seen(botId)).toMatchObject({ desired: 'running' }));
    const create = {
      kind: 'create',
      commandId: 'create-late',
      userId: owner,
      config: configOf({ name: 'late' }),
    } as const;
    expect(codesOf(await world.ask({ ...create, until: past }))).toEqual(['COMMAND_EXPIRED']);
    // The same command, asked again by somebody who waits: the refusal was not its answer for ever.
    const pause = { kind: 'verb', commandId: 'pause-1', userId: owner, botId, verb: 'pause' } as const;
    expect(codesOf(await world.ask({ ...pause, until: past }))).toEqual(['COMMAND_EXPIRED']);
    expect(botOf(await world.ask({ ...pause, until: future }))).toMatchObject({ desired: 'paused' });
    expect(botOf(await world.ask({ ...pause, until: past }))).toMatchObject({ id: botId, desired: 'paused' });
  });

  it('somebody else’s command id does nothing and shows nothing', async () => {
    const create: BotCommand = { kind: 'create', commandId: 'create-1', userId: owner, config: configOf() };
    botOf(await world.ask(create));
    expect(codesOf(await world.ask({ ...create, userId: stranger }))).toEqual(['BOT_NOT_FOUND']);
  });

  it('a verb that makes no sense is refused with those that would', async () => {
    const { id } = botOf(await world.create(configOf()));
    expect(await world.verb(id, 'pause')).toMatchObject({
      ok: false,
      refusals: [{ code: 'BOT_NOT_RUNNING', allowed: 'start, stop, flatten', next: 'Start it first.' }],
    });
  });

  it('edits a bot that ended in an error, checks everything again, and never uses an order id twice', async () => {
    const bot = await world.started();
    const [request] = await eventually(() => {
      expect(world.others.requestedIds()).toHaveLength(1);
      return world.others.requests;
    });
    if (request) await world.others.deny(request.order, 'QUANTITY_OFF_STEP');
    await eventually(async () => expect((await world.seen(bot.id))?.observed).toBe('error'));
    expect(codesOf(await world.edit(bot.id, { quantity: '1.0000001' }))).toEqual(['QUANTITY_OFF_STEP']);
    const edited = botOf(await world.edit(bot.id, { quantity: '0.02' }, 'renamed'));
    expect(edited.config).toMatchObject({ name: 'renamed', parameters: { quantity: '0.02' } });
    botOf(await world.verb(bot.id, 'start'));
    await eventually(() => expect(world.others.requestedIds()).toHaveLength(2));
    await eventually(async () => {
      const told = (await world.activities()).find(({ code }) => code === 'BOT_EDITED');
      expect(told).toMatchObject({ level: 'INFO', data: { changed: ['name', 'quantity'] } });
    });
  });

  it('edits a bot that runs: its order is replaced with reason update, and it never stops by itself', async () => {
    const venue = new VenueOrders((order, event) => world.others.tell(order, event));
    const { id } = await world.started();
    const [entry, next] = [0, 1].map((attempt) =>
      ClientOrderId.forSlot({ botId: id, cycle: 0, leg: 'entry', attempt }),
    ) as [ClientOrderId, ClientOrderId];
    const first = await world.others.requested(entry);
    await venue.accept(first);
    await world.settled();
    expect(botOf(await world.edit(id, { buyPrice: { fixed: '49000' } }))).toMatchObject({ observed: 'running' });
    await eventually(() =>
      expect(world.others.cancels).toMatchObject([{ clientOrderId: first.clientOrderId, reason: 'update' }]),
    );
    await venue.cancelRequested(first, 'update');
    await venue.canceled(first);
    expect(Price.format((await world.others.requested(next)).price ?? Price.zero)).toBe('49000');
    await world.settled();
    expect(await world.seen(id)).toMatchObject({ desired: 'running', observed: 'running' });
    expect((await world.activities()).filter(({ level }) => level === 'WARNING')).toEqual([]);
  });

  it('a bot shows a halt as the reason of its state, and its end', async () => {
    const { id } = await world.started();
    await world.others.halt('halted', 'the user pressed the button');
    await eventually(async () =>
      expect(await world.seen(id)).toMatchObject({ observed: 'running', reason: { code: 'TRADING_HALTED' } }),
    );
    await world.others.halt('active', '');
    await eventually(async () => expect((await world.seen(id))?.reason.code).toBe('TRADING_RELEASED'));
  });

  it('forgets commands after a week', async () => {
    botOf(await world.create(configOf()));
    await world.sql`insert into commands (command_id, user_id, answered_at)
      select 'old-' || n, 'user_1', now() - interval '8 days' from generate_series(1, 2500) n`;
    await world.sql`insert into commands (command_id, user_id, answered_at)
      values ('young', 'user_1', now() - interval '6 days')`;
    await world.restartService();
    await eventually(async () => {
      const left = await world.sql`select command_id from commands order by command_id`;
      expect(left.map(({ command_id }) => command_id)).toEqual(['command-1', 'young']);
    });
  });
});
