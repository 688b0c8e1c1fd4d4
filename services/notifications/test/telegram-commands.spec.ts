import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { BotId, Quantity, UserId } from '@scalpstorm/model';
import { aBot, aBotTotals, describeWithServers, eventually } from '@scalpstorm/testkit';
import { ann, NotificationsWorld, patiently } from './notifications-world.js';
import { TelegramTalk } from './telegram-talk.js';

const running = BotId.of('bot_aaaaaaaa');
const holding = BotId.of('bot_bbbbbbbb');
const idle = BotId.of('bot_cccccccc');
const bob = UserId.of('user_bob');

describeWithServers('commands over Telegram', ({ postgresUrl }) => {
  const talk = new TelegramTalk();
  const { telegram } = talk;
  let world: NotificationsWorld;

  beforeAll(async () => {
    world = await talk.open(postgresUrl);
    await world.link((text) => telegram.write(text, { chatId: 8, userId: 8 }), { userId: bob, role: 'viewer' });
    const config = aBot().config;
    const held = aBotTotals({ held: Quantity.of('0.5') });
    await world.bot({ id: running, config: { ...config, name: 'runs', mode: 'live' } });
    await world.bot({ id: holding, observed: 'stopped', totals: held, config: { ...config, name: 'holds' } });
    await world.bot({ id: idle, observed: 'stopped', config: { ...config, name: 'idle' } });
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
  });

  afterAll(async () => {
    await world.close();
    await talk.close();
  });

  beforeEach(() => {
    talk.begin();
    world.botCommands.length = 0;
    world.riskCommands.length = 0;
    world.standing = { role: 'trader', accounts: [] };
  });

  const said = (text: string) => talk.said(text);
  const edited = (text: string) => talk.edited(text);
  async function agree(typed: string, question: string): Promise<string> {
    telegram.write(typed);
    const asked = await said(question);
    expect([world.botCommands, world.riskCommands]).toEqual([[], []]);
    telegram.press(asked.buttons[0]?.callback_data ?? '', asked);
    return asked.text;
  }
  const told = () => world.botCommands.map((command) => ('verb' in command ? [command.verb, command.botId] : []));

  it.each(['/start idle', '/startbot IDLE'])('%s starts the bot of that name', async (typed) => {
    await agree(typed, 'Start DEMO idle?');
    await edited('idle: ');
    expect(told()).toEqual([['start', idle]]);
  });

  it('answers a bare /start with the help, which lists every verb', async () => {
    telegram.write('/start');
    const { text } = await said('What you can ask');
    for (const verb of [
      'start',
      'pause',
      'resume',
      'stop',
      'flatten',
      'create',
      'edit',
      'delete',
      'halt',
      'halt cancel',
      'halt flatten',
      'release',
    ])
      expect(text).toContain(`\n/${verb} `);
  });

  it('suggests the bot for a mistyped /start, instead of taking it for a code', async () => {
    telegram.write('/start idel');
    await said('Did you mean /start idle?');
  });

  it('flattens after it has said what is sold', async () => {
    const question = await agree('/flatten holds', 'Flatten DEMO holds (holds 0.5 BTC-USDT)?');
    expect(question).toContain('closed at the market');
    await edited('holds: ');
    expect(told()).toEqual([['flatten', holding]]);
  });

  it('halts only, where no level is named', async () => {
    const question = await agree('/halt too risky', 'Halt all your bots?');
    expect(question).toContain('1 of your bots are active. Their orders and positions stay');
    await edited('Trading is HALTED for all your bots: too risky.');
    expect(world.riskCommands).toMatchObject([{ kind: 'halt', userId: ann, text: 'too risky' }]);
    expect(told()).toEqual([]);
  });

  it('releases what the user halted, and nobody else', async () => {
    await agree('/release all is well', 'Release your halt?');
    await edited('Trading goes on for your bots.');
    expect(world.riskCommands).toMatchObject([{ kind: 'release', userId: ann, text: 'all is well' }]);
  });

  it.each([
    [null, 'Your user was disabled'],
    ['viewer' as const, 'Your role may look and not act'],
  ])('does nothing for who linked the chat and is %s by now', async (role, why) => {
    world.standing = { role, accounts: [] };
    await agree('/halt flatten', 'Halt, stop all your bots');
    await edited(why);
    expect([world.botCommands, world.riskCommands]).toEqual([[], []]);
  });

  it.each(['/flatten all', '/halt flatten', '/release', '/startbot all'])('%s is not for a viewer', async (typed) => {
    const before = telegram.textsTo(8).length;
    telegram.write(typed, { chatId: 8, userId: 8 });
    await eventually(() => expect(telegram.textsTo(8).length).toBeGreaterThan(before), patiently);
    expect(telegram.sent.at(-1)?.buttons).toEqual([]);
    expect([world.botCommands, world.riskCommands]).toEqual([[], []]);
  });

  it('takes a reason that would be cut in the middle of a character', async () => {
    await agree(`/halt ${'x'.repeat(199)}😀 and more`, 'Halt all your bots?');
    await edited('Trading is HALTED');
    expect(world.riskCommands).toMatchObject([{ kind: 'halt', text: 'x'.repeat(199) }]);
  });

  it('says once that an update could not be handled, passes it, and answers everybody else once', async () => {
    await world.sql`alter table confirmations rename to confirmations_away`;
    try {
      telegram.write('/halt nobody can keep this');
      telegram.write('/bots', { chatId: 8, userId: 8 });
      await said('This could not be handled.');
      await said('You have no bots yet.');
    } finally {
      await world.sql`alter table confirmations_away rename to confirmations`;
    }
    telegram.write('/status');
    telegram.write('/status', { chatId: 8, userId: 8 });
    await eventually(() => {
      const texts = talk.sent.map(({ text, chatId }) => `${chatId} ${text}`);
      expect(texts.filter((text) => text.includes('Trading is on.'))).toHaveLength(2);
      expect(texts.filter((text) => text.includes('could not be handled'))).toHaveLength(1);
      expect(texts.filter((text) => text.includes('no bots yet'))).toHaveLength(1);
    }, patiently);
  });

  it('answers the others while one chat waits for a service that does not answer', async () => {
    const { answerBot } = world;
    const { promise, resolve } = Promise.withResolvers<void>();
    world.answerBot = async (command) => {
      await promise;
      return answerBot(command);
    };
    await agree('/stop runs', 'Stop LIVE runs?');
    telegram.write('/bots', { chatId: 8, userId: 8 });
    await said('You have no bots yet.');
    expect(talk.edits).toEqual([]);
    resolve();
    await edited('runs: ');
    world.answerBot = answerBot;
  });
});
