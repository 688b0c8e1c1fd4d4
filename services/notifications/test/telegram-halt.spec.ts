import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BotId, Quantity } from '@scalpstorm/model';
import { aBot, aBotTotals, describeWithServers, eventually } from '@scalpstorm/testkit';
import { ann, NotificationsWorld, patiently } from './notifications-world.js';
import { TelegramTalk } from './telegram-talk.js';

const running = BotId.of('bot_aaaaaaaa');
const holding = BotId.of('bot_bbbbbbbb');

describeWithServers('a halt over Telegram', ({ postgresUrl }) => {
  const talk = new TelegramTalk();
  const { telegram } = talk;
  let world: NotificationsWorld;

  beforeAll(async () => {
    world = await talk.open(postgresUrl, { gatewayAnswers: false });
    const config = aBot().config;
    const held = aBotTotals({ held: Quantity.of('0.5') });
    await world.bot({ id: running, config: { ...config, name: 'runs', mode: 'live' } });
    await world.bot({ id: holding, observed: 'stopped', totals: held, config: { ...config, name: 'holds' } });
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
  });

  afterAll(async () => {
    await world.close();
    await talk.close();
  });

  beforeEach(() => {
    talk.begin();
    for (const asked of [world.botCommands, world.riskCommands, world.sweeps]) asked.length = 0;
  });

  /** The question is agreed to; what stands in its place afterwards. */
  async function agree(typed: string, question: string): Promise<readonly string[]> {
    telegram.write(typed);
    const asked = await talk.said(question);
    expect([world.botCommands, world.riskCommands, world.sweeps]).toEqual([[], [], []]);
    telegram.press(asked.buttons[0]?.callback_data ?? '', asked);
    const answer = await eventually(() => {
      const edit = talk.edits[0];
      if (edit === undefined) throw new Error('not answered');
      return edit.text;
    }, patiently);
    return [asked.text, answer];
  }
  const told = () => world.botCommands.map((command) => ('verb' in command ? [command.verb, command.botId] : []));

  describe('while the gateway is away', () => {
    it('is made first, and stops every active bot from here', async () => {
      const [question, answer] = await agree(
        '/halt cancel bad news',
        'Halt, stop all your bots and cancel their orders?',
      );
      expect(question).toContain('Stops 1 bot; what is held stays: LIVE runs.');
      expect(question).toContain('Every open order of yours is canceled, also those without a bot.');
      expect(answer).toContain('HALTED for all your bots: bad news');
      expect(answer).toContain('runs: stopping');
      expect(answer).toContain('open orders without a bot may be left. Repeat /halt cancel later.');
      expect(world.riskCommands).toMatchObject([{ kind: 'halt', userId: ann, text: 'bad news' }]);
      expect(told()).toEqual([['stop', running]]);
    });

    it('flattens also what is stopped and holds something', async () => {
      const [question] = await agree('/halt FLATTEN', 'Halt, stop all your bots and CLOSE what they hold?');
      expect(question).toContain('LIVE runs, DEMO holds (holds 0.5 BTC-USDT)');
      expect(question).toContain('at whatever price it takes');
      expect(world.riskCommands.map(({ kind }) => kind)).toEqual(['halt']);
      expect(told().sort()).toEqual([
        ['flatten', running],
        ['flatten', holding],
      ]);
    });

    it('is not ended, because nobody says whether the user may', async () => {
      const [, answer] = await agree('/release', 'Release your halt?');
      expect(answer).toContain('did not answer whether you may do this: nothing was changed');
      expect(world.riskCommands).toEqual([]);
    });
  });

  describe('while the gateway answers', () => {
    beforeAll(() => world.answerAsGateway());

    it('is made first, and the gateway reaches every order and bot under the id of the message', async () => {
      const [, answer] = await agree('/halt cancel', 'Halt, stop all your bots and cancel their orders?');
      expect(answer).toContain('2 bots stopped; of 3 open orders the cancel was asked.\nNothing is left of it to do.');
      expect(world.riskCommands.map(({ kind }) => kind)).toEqual(['halt']);
      const commandId = expect.stringMatching(/^telegram:7:\d+$/);
      expect(world.sweeps).toEqual([{ userId: ann, commandId, level: 'cancel' }]);
      expect(world.botCommands).toEqual([]);
    });

    it('names what it has left, and why', async () => {
      const held = { kind: 'position' as const, id: 'demo:sim:BTC-USDT', botId: holding, code: 'BOT_QUARANTINED' };
      const order = { kind: 'order' as const, id: 'abc', botId: null, code: 'CANCEL_NOT_SENT', text: 'Not in time.' };
      const items = [
        { ...held, text: '0.5 BTC stay open', next: 'Edit it.' },
        { ...order, next: 'Repeat the halt.' },
      ];
      const left = { bots: 0, orders: 1, positions: 2, complete: false, items };
      world.swept = { ok: true, value: { bots: 1, ordersCanceled: 0, left } };
      const [, answer] = await agree('/halt flatten', 'CLOSE what they hold?');
      for (const line of [
        '1 bot told to close what they hold; of 0 open orders the cancel was asked.',
        'NOT done yet: 0 bots, 1 order, 2 positions.',
        'holds, position demo:sim:BTC-USDT: 0.5 BTC stay open (BOT_QUARANTINED) Edit it.',
        'order abc: Not in time. (CANCEL_NOT_SENT) Repeat the halt.',
        'and 1 more',
        'Time ran out before everything was looked at. Repeat /halt flatten.',
      ])
        expect(answer).toContain(line);
    });
  });
});
