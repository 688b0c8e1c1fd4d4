import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { BotId, Money, UserId } from '@scalpstorm/model';
import { aBot, aBotTotals, aFill, anOrder, anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { BotApiServer } from './bot-api-server.js';
import { ann, NotificationsWorld, patiently } from './notifications-world.js';

const token = '123456:secret-token-of-a-test';
const scalper = BotId.of('bot_aaaaaaaa');
const grid = BotId.of('bot_bbbbbbbb');

describeWithServers('Telegram', ({ postgresUrl }) => {
  const telegram = new BotApiServer(token);
  let world: NotificationsWorld;
  let seen = 0;

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    await telegram.open();
    world = await NotificationsWorld.open(
      { nats, postgresUrl },
      { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: telegram.root, NOTIFICATIONS_PER_MINUTE_MAX: '600' },
    );
    await world.link((text) => telegram.write(text));
    const config = aBot().config;
    await world.bot({ id: scalper, config: { ...config, name: 'scalper' } });
    await world.bot({
      id: grid,
      config: { ...config, name: 'grid-<eth>', mode: 'live' },
      totals: aBotTotals({ cycles: 3, pnl: Money.of('1.50', 'USDT') }),
    });
    await said('grid-&lt;eth&gt; is running');
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
  });

  afterAll(async () => {
    await world.close();
    await telegram.close();
  });

  beforeEach(() => {
    seen = telegram.sent.length;
    world.botCommands.length = 0;
    world.riskCommands.length = 0;
  });

  /** The first message since the test began that contains the text. */
  const said = (text: string) =>
    eventually(() => {
      const found = telegram.sent.slice(seen).find((message) => message.text.includes(text));
      if (found === undefined) throw new Error(`not said: ${text}; but ${JSON.stringify(telegram.sent.slice(seen))}`);
      return found;
    }, patiently);
  const edited = (text: string) =>
    eventually(() => expect(telegram.edits.map((edit) => edit.text).join('\n')).toContain(text), patiently);
  const button = (message: Awaited<ReturnType<typeof said>>, at: number) => message.buttons[at]?.callback_data ?? '';

  it('tells a linked chat of a fill, exactly, with currency and mode', async () => {
    const request = anOrderRequest({ userId: ann, botId: scalper, mode: 'live' });
    const order = anOrder({ request, status: 'filled' });
    await world.order({ kind: 'filled', fill: aFill() }, order);
    const { text } = await said('bought 0.01 BTC-USDT at 50000');
    expect(text).toMatch(
      /^<b>LIVE · scalper bought 0\.01 BTC-USDT at 50000<\/b>\n500 USDT \(maker, fee 0\.00001 BTC\)/,
    );
    expect(text).toMatch(/UTC$/);
  });

  it('tells nothing of a state that the bot has left behind', async () => {
    await world.bot({ id: scalper, version: 0, observed: 'error', config: { ...aBot().config, name: 'scalper' } });
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
    await world.halted('behind the old state');
    await said('behind the old state');
    expect(telegram.sent.slice(seen).some(({ text }) => text.includes('set aside'))).toBe(false);
  });

  it('tells of a cycle with its exact profit, and once although the event came five times', async () => {
    await world.cycle({ botId: scalper, number: 4, net: Money.of('0.123456789012345678', 'USDT') }, { times: 5 });
    await said('scalper cycle 5: +0.123456789012345678 USDT');
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
    await world.halted('after the repeats');
    await said('after the repeats');
    expect(telegram.sent.slice(seen).filter(({ text }) => text.includes('cycle 5'))).toHaveLength(1);
  });

  it('answers /status, /bots and /profit, and never sums modes', async () => {
    telegram.write('/status');
    expect((await said('Trading is on.')).text).toContain('Bots: 2 running.');
    telegram.write('/bots@scalpstorm_test_bot');
    expect((await said('2 bots')).text).toContain('LIVE grid-&lt;eth&gt; (BTC-USDT): running, 3 cycles, +1.5 USDT');
    telegram.write('/profit');
    expect((await said('after fees')).text).toContain('LIVE: +1.5 USDT in 3 cycles');
  });

  it('names the command that was meant', async () => {
    telegram.write('/staus');
    expect((await said('There is no command /staus.')).text).toContain('Did you mean /status?');
  });

  it('asks before it stops a bot, and then asks strategy once, under an id made of the update', async () => {
    const update = telegram.write('/stop scalper');
    const question = await said('Stop DEMO scalper?');
    expect(world.botCommands).toEqual([]);
    telegram.press(button(question, 0), question);
    await edited('scalper: stopping');
    expect(world.botCommands).toEqual([
      {
        kind: 'verb',
        commandId: `telegram:7:${update['update_id']}:${scalper}`,
        userId: ann,
        until: expect.any(Number),
        botId: scalper,
        verb: 'stop',
      },
    ]);
    telegram.press(button(question, 0), question);
    await eventually(() => expect(telegram.answers.at(-1)).toContain('was used'), patiently);
    expect(world.botCommands).toHaveLength(1);
  });

  it('does nothing when the answer is no', async () => {
    telegram.write('/pause all');
    const question = await said('Pause 2 bots?');
    expect(question.text).toContain('LIVE grid-&lt;eth&gt;');
    telegram.press(button(question, 1), question);
    await edited('Nothing was changed.');
    telegram.press(button(question, 0), question);
    await eventually(() => expect(telegram.answers.at(-1)).toContain('Ask again'), patiently);
    expect(world.botCommands).toEqual([]);
  });

  it('takes a confirmation from nobody but the one who was asked', async () => {
    telegram.write('/halt');
    const question = await said('Halt all your bots?');
    telegram.press(button(question, 0), question, 666);
    await eventually(() => expect(telegram.answers.at(-1)).toContain('not yours'), patiently);
    expect(world.riskCommands).toEqual([]);
    telegram.press(button(question, 0), question);
    await edited('Trading is HALTED for all your bots');
    expect(world.riskCommands).toMatchObject([{ kind: 'halt', userId: ann, text: 'halted over Telegram' }]);
  });

  it('takes no confirmation after its minute', async () => {
    telegram.write('/halt too late');
    const question = await said('Halt all your bots?');
    await world.sql`update confirmations set expires_at = expires_at - 61000000`;
    telegram.press(button(question, 0), question);
    await eventually(() => expect(telegram.answers.at(-1)).toContain('older than a minute'), patiently);
    expect(world.riskCommands).toEqual([]);
  });

  it('says so when nobody answers, instead of claiming an outcome', async () => {
    const { answerBot } = world;
    world.answerBot = () => {
      throw new Error('broken');
    };
    telegram.write('/resume grid-<eth>');
    const question = await said('Resume LIVE grid-&lt;eth&gt;?');
    telegram.press(button(question, 0), question);
    await edited('no answer, it is not known whether it will resume');
    world.answerBot = answerBot;
    const ids = new Set(world.botCommands.map(({ commandId }) => commandId));
    expect(ids.size).toBe(1);
  });

  it('suggests the bot that was meant and touches no other', async () => {
    telegram.write('/stop scalpr');
    expect((await said('You have no bot scalpr.')).text).toContain('Did you mean /stop scalper?');
    expect(world.botCommands).toEqual([]);
  });

  it('obeys nobody but the person who linked the chat, and says nothing to strangers but how to link their own', async () => {
    telegram.write('/stop all', { chatId: -55, userId: 666 });
    telegram.write('/halt', { chatId: -55, userId: 7 });
    telegram.write('/status', { chatId: 666, userId: 666 });
    await eventually(() => expect(telegram.textsTo(666)).toHaveLength(1), patiently);
    expect(telegram.textsTo(666)[0]).toContain('This chat is not linked.');
    expect(telegram.textsTo(-55)).toEqual([]);
    expect([world.botCommands, world.riskCommands]).toEqual([[], []]);
  });

  it('lets a viewer look and not act', async () => {
    const bob = UserId.of('user_bob');
    const asBob = { userId: bob, role: 'viewer' as const };
    await world.link((text) => telegram.write(text, { chatId: 8, userId: 8 }), asBob);
    telegram.write('/halt', { chatId: 8, userId: 8 });
    await eventually(() => expect(telegram.textsTo(8).at(-1)).toContain('needs the role trader'), patiently);
    telegram.write('/bots', { chatId: 8, userId: 8 });
    await eventually(() => expect(telegram.textsTo(8).at(-1)).toContain('You have no bots yet.'), patiently);
  });

  it('takes a code once, and not after ten minutes', async () => {
    const { linkCode } = await world.do({ kind: 'link-telegram' });
    expect(linkCode?.link).toBe(`https://t.me/scalpstorm_test_bot?start=${linkCode?.code}`);
    telegram.write(`/start ${linkCode?.code.toLowerCase()}`, { chatId: 9, userId: 9 });
    await eventually(() => expect(telegram.textsTo(9).at(-1)).toContain('This chat is linked.'), patiently);
    telegram.write(`/link ${linkCode?.code}`, { chatId: 10, userId: 10 });
    await eventually(() => expect(telegram.textsTo(10).at(-1)).toContain('does not work'), patiently);
    const next = await world.do({ kind: 'link-telegram' });
    await world.sql`update link_codes set expires_at = expires_at - 600000001`;
    telegram.write(`/link ${next.linkCode?.code}`, { chatId: 10, userId: 10 });
    await eventually(
      () => expect(telegram.textsTo(10).filter((text) => text.includes('does not work'))).toHaveLength(2),
      patiently,
    );
    await world.sql`insert into deliveries (user_id, channel, destination, notice_id, part, title, payload, next_at, created_at)
      values (${ann}, 'telegram', '9', 'waits', 0, 'waits', '{}'::jsonb, ${String(Number.MAX_SAFE_INTEGER)}, 1)`;
    telegram.write('/unlink', { chatId: 9, userId: 9 });
    await eventually(() => expect(telegram.textsTo(9).at(-1)).toContain('not linked any more'), patiently);
    expect(await world.sql`select 1 from deliveries where destination = '9' and state = 'waiting'`).toHaveLength(0);
    expect((await world.do({ kind: 'look' })).links).toHaveLength(1);
  });

  it('stops guessing of codes', async () => {
    for (let index = 0; index < 6; index += 1) telegram.write(`/link AAAAAAAAA${index}`, { chatId: 11, userId: 11 });
    await eventually(() => expect(telegram.textsTo(11).at(-1)).toContain('Too many codes'), patiently);
  });

  it('does what Telegram repeats to it once', async () => {
    const update = telegram.write('/halt twice');
    const question = await said('Halt all your bots?');
    telegram.bring(update);
    telegram.press(button(question, 0), question);
    await edited('Trading is HALTED for all your bots: twice');
    expect(world.riskCommands.filter(({ kind }) => kind === 'halt')).toHaveLength(1);
  });

  it('writes what was done into the activity log, and tells nobody of that line again', async () => {
    await world.activity('TELEGRAM', 'Over Telegram: halt');
    await world.halted('a marker behind it');
    await said('a marker behind it');
    expect(telegram.sent.slice(seen).some(({ text }) => text.includes('Over Telegram'))).toBe(false);
  });

  it('waits as long as Telegram says, and then tells', async () => {
    telegram.failNext('sendMessage', { status: 429, description: 'Too Many Requests: retry after 1', retryAfter: 1 });
    const asked = () => telegram.requests.filter((method) => method === 'sendMessage').length;
    const before = asked();
    await world.halted('throttled');
    await said('throttled');
    expect(asked() - before).toBe(2);
    await eventually(
      async () => expect((await world.deliveries()).at(-1)).toMatchObject({ state: 'sent', attempts: 1 }),
      patiently,
    );
  });

  it('cuts what is too long for one message and escapes every part', async () => {
    await world.halted(`${'<&> '.repeat(2_000)}the end`);
    const last = await said('the end');
    expect(telegram.sent.slice(seen).length).toBeGreaterThan(1);
    expect(last.text).not.toContain('<&>');
  });

  it('ends a chat that blocked us, says so, lists what it did not take, and tries that again when asked', async () => {
    telegram.blocked.add(7);
    await world.halted('to a blocked chat');
    const failed = await eventually(async () => {
      const [first] = (await world.do({ kind: 'look' })).failed;
      if (first === undefined) throw new Error('nothing failed yet');
      return first;
    }, patiently);
    expect(failed).toMatchObject({
      channel: 'telegram',
      error: 'Telegram answered 403: Forbidden: bot was blocked by the user',
    });
    await eventually(async () => expect((await world.do({ kind: 'look' })).links).toEqual([]), patiently);
    await eventually(
      async () =>
        expect(await world.lastActivity()).toMatchObject({
          level: 'WARNING',
          code: 'NOTIFICATION_CHANNEL_OFF',
          userId: ann,
        }),
      patiently,
    );
    await world.halted('after it was blocked');
    await eventually(async () => expect(await world.pending('OPS')).toBe(0), patiently);
    expect((await world.do({ kind: 'look' })).failed).toHaveLength(1);
    telegram.blocked.delete(7);
    // The chat is unlinked: there is nowhere to send it, until there is one again.
    expect(await world.ask({ kind: 'retry', deliveryId: failed.id })).toMatchObject({
      ok: false,
      refusals: [{ code: 'NO_DESTINATION' }],
    });
    await world.link((text) => telegram.write(text, { chatId: 77, userId: 77 }));
    await world.do({ kind: 'retry', deliveryId: failed.id });
    expect((await said('to a blocked chat')).chatId).toBe(77);
    expect((await world.do({ kind: 'look' })).failed).toEqual([]);
  });

  it('never writes the token into a log', () => {
    expect(world.logged()).not.toContain(token);
    expect(world.logged()).not.toContain('secret-token');
  });
});
