import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Refusal } from '@scalpstorm/contracts';
import { BotId, UserId } from '@scalpstorm/model';
import { aBot, describeWithServers, eventually } from '@scalpstorm/testkit';
import { ann, NotificationsWorld, patiently } from './notifications-world.js';
import { TelegramTalk } from './telegram-talk.js';

const grid = BotId.of('bot_aaaaaaaa');
const bob = UserId.of('user_bob');
/** Nothing is carried out after nobody waits for it any more. */
const until = expect.any(Number);
const create = '/create fast instrument=BTC-USDT account=demo quantity=0.01 buyPrice=-10bps:mid sellPrice=20bps:entry';

describeWithServers('bots that are configured over Telegram', ({ postgresUrl }) => {
  const talk = new TelegramTalk();
  const { telegram } = talk;
  let world: NotificationsWorld;
  let answerBot: NotificationsWorld['answerBot'];

  beforeAll(async () => {
    world = await talk.open(postgresUrl);
    ({ answerBot } = world);
    await world.link((text) => telegram.write(text, { chatId: 8, userId: 8 }), { userId: bob, role: 'viewer' });
    const config = { ...aBot().config, name: 'grid', parameters: { stopLossPercent: '1', loop: true } };
    await world.bot({ id: grid, version: 9, config });
    await eventually(async () => expect(await world.pending('BOT_EVENTS')).toBe(0), patiently);
  });

  afterAll(async () => {
    await world.close();
    await talk.close();
  });

  beforeEach(() => {
    talk.begin();
    world.botCommands.length = 0;
    world.answerBot = answerBot;
  });

  const said = (text: string) => talk.said(text);
  const edited = (text: string) => talk.edited(text);
  async function agree(typed: string, question: string) {
    const update = telegram.write(typed);
    const asked = await said(question);
    expect(world.botCommands).toEqual([]);
    const press = () => telegram.press(asked.buttons[0]?.callback_data ?? '', asked);
    press();
    return { commandId: `telegram:7:${update['update_id']}`, text: asked.text, press };
  }
  const refusing = (refusal: Refusal) => () => ({ ok: false as const, refusals: [refusal] });

  it('are created after it was said what, with the warnings, once', async () => {
    const warning = { code: 'LOSES_AFTER_FEES', field: '/parameters/sellPrice', text: 'It loses.', next: 'Ask more.' };
    const config = { ...aBot().config, name: 'fast' };
    const value = aBot({ id: BotId.of('bot_ffffffff'), userId: ann, observed: 'stopped', config });
    world.answerBot = () => ({ ok: true, value, warnings: [warning] });
    const { commandId, text, press } = await agree(create, 'Create DEMO fast?');
    for (const part of ['scalping-cycle on sim:BTC-USDT, account demo', 'buyPrice: -10bps:mid', 'stored stopped'])
      expect(text).toContain(part);
    expect(await edited('fast was created as bot_ffffffff and is stopped.')).toContain(
      'Warning: It loses. (LOSES_AFTER_FEES, /parameters/sellPrice) Ask more.',
    );
    press();
    await eventually(() => expect(telegram.answers.at(-1)).toContain('was used'), patiently);
    const parameters = {
      quantity: '0.01',
      buyPrice: { offset: '-10', unit: 'bps', from: 'mid' },
      sellPrice: { offset: '20', unit: 'bps', from: 'entry' },
    };
    const place = { accountId: 'demo', mode: 'demo', instrumentId: 'sim:BTC-USDT' };
    expect(world.botCommands).toEqual([
      {
        kind: 'create',
        commandId,
        userId: ann,
        until,
        config: { name: 'fast', strategy: 'scalping-cycle', ...place, parameters },
      },
    ]);
  });

  it('are refused with code, field, what is allowed and what to do', async () => {
    world.answerBot = refusing({
      code: 'QUANTITY_BELOW_MINIMUM',
      field: '/parameters/quantity',
      text: 'Too little.',
      allowed: 'at least 0.1',
      next: 'Use 0.1.',
    });
    await agree(create, 'Create DEMO fast?');
    const text = await edited('create was refused; nothing was changed.');
    expect(text).toContain(
      'Too little. (QUANTITY_BELOW_MINIMUM, /parameters/quantity) Allowed: at least 0.1. Use 0.1.',
    );
  });

  it('are not asked about after the minute', async () => {
    telegram.write(create);
    const asked = await said('Create DEMO fast?');
    await world.sql`update confirmations set expires_at = expires_at - 61000000`;
    telegram.press(asked.buttons[0]?.callback_data ?? '', asked);
    await eventually(() => expect(telegram.answers.at(-1)).toContain('older than a minute'), patiently);
    expect(world.botCommands).toEqual([]);
  });

  it('are never created on the account of another', async () => {
    telegram.write(create.replace('account=demo', 'account=of-another'));
    expect((await said('ACCOUNT_NOT_FOUND')).buttons).toEqual([]);
    expect(world.botCommands).toEqual([]);
  });

  it('are edited in what is named alone, from the version that was shown', async () => {
    const { commandId, text } = await agree('/edit GRID stopLossPercent=2', 'Edit DEMO grid?');
    expect(text).toContain('stopLossPercent: 1 → 2');
    expect(text).not.toContain('loop');
    await edited('was edited');
    const parameters = { stopLossPercent: '2' };
    const merged = { name: null, parameters, merge: true, expectedVersion: 9 };
    expect(world.botCommands).toEqual([{ kind: 'edit', commandId, userId: ann, botId: grid, until, ...merged }]);
  });

  it('are not deleted while strategy refuses', async () => {
    const next = 'Flatten it first.';
    world.answerBot = refusing({ code: 'BOT_NOT_FLAT', field: '', text: 'It holds 1 BTC.', allowed: '', next });
    await agree('/delete grid', 'Delete DEMO grid?');
    expect(await edited('delete was refused')).toContain('It holds 1 BTC. (BOT_NOT_FLAT) Flatten it first.');
  });

  it('are deleted once it was confirmed', async () => {
    const { commandId } = await agree('/delete grid', 'Delete DEMO grid?');
    await edited('was deleted.');
    expect(world.botCommands).toEqual([{ kind: 'delete', commandId, userId: ann, botId: grid, until }]);
  });

  it('are not known to be changed when nobody answers', async () => {
    world.answerBot = () => {
      throw new Error('broken');
    };
    await agree('/edit grid loop=false', 'Edit DEMO grid?');
    await edited('no answer, it is not known whether the edit was carried out');
    expect(new Set(world.botCommands.map(({ commandId }) => commandId)).size).toBe(1);
  });

  it.each(['/delete gird', '/edit gird loop=false'])('are never guessed: %s', async (typed) => {
    telegram.write(typed);
    expect((await said('Did you mean /')).buttons).toEqual([]);
  });

  it.each([create, '/edit grid loop=false', '/delete grid'])('are not for a viewer: %s', async (typed) => {
    const before = telegram.textsTo(8).length;
    telegram.write(typed, { chatId: 8, userId: 8 });
    await eventually(() => expect(telegram.textsTo(8).length).toBeGreaterThan(before), patiently);
    expect(telegram.textsTo(8).at(-1)).toContain('needs the role trader');
  });
});
