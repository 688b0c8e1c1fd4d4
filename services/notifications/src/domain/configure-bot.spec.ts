import { describe, expect, it } from '@jest/globals';
import { aBot } from '@scalpstorm/testkit';
import { parseChatCommand } from './chat-command.js';
import { createIntent, editIntent, wordsOf } from './configure-bot.js';

const bot = aBot({ version: 5 });
const demo = { id: 'demo', venue: 'sim', mode: 'demo' as const };
const place = 'instrument=BTC-USDT account=demo';

function parameters(typed: string): unknown {
  const made = createIntent(`fast ${place} ${typed}`, [demo], [bot]);
  return 'intent' in made && made.intent.kind === 'create' ? made.intent.config.parameters : made;
}
function said(made: ReturnType<typeof createIntent>): string {
  return 'says' in made ? made.says.map(({ text }) => text).join('\n') : JSON.stringify(made.intent);
}

describe('a bot that is typed', () => {
  it.each<[string, unknown]>([
    ['quantity=0.01', { quantity: '0.01' }],
    ['buyPrice=61800.10', { buyPrice: { fixed: '61800.10' } }],
    ['buyPrice=-10bps:mid', { buyPrice: { offset: '-10', unit: 'bps', from: 'mid' } }],
    ['sellPrice=+1.5ATR:Entry', { sellPrice: { offset: '1.5', unit: 'atr', from: 'entry' } }],
    ['stopLossPercent=2 takeProfitPercent=null', { stopLossPercent: '2', takeProfitPercent: null }],
    ['loop=TRUE LOOP=false', null],
    ['loop=true', { loop: true }],
    ['maxCycles=3 coolDownSeconds=0', { maxCycles: 3, coolDownSeconds: 0 }],
    ['timeInForce=gtc Quantity=1', { timeInForce: 'GTC', quantity: '1' }],
  ])('takes %s as the schema wants it', (typed, expected) => {
    if (expected === null)
      expect(said(createIntent(`fast ${place} ${typed}`, [demo], [bot]))).toContain('loop is named twice.');
    else expect(parameters(typed)).toEqual(expected);
  });

  it('has the mode and the venue of its account, and the usual strategy', () => {
    expect(createIntent('fast instrument=eth-usdt quantity=1', [demo], [bot])).toEqual({
      intent: {
        kind: 'create',
        config: {
          name: 'fast',
          strategy: 'scalping-cycle',
          accountId: 'demo',
          mode: 'demo',
          instrumentId: 'sim:ETH-USDT',
          parameters: { quantity: '1' },
        },
      },
    });
  });

  it.each([
    ['', 'Which name?'],
    ['quantity=1', 'Which name?'],
    [`fast ${place} quantty=1`, 'Did you mean quantity?'],
    [`fast ${place} quantity = 1`, '"=" is no key=value'],
    [`fast ${place} loop=maybe`, 'loop cannot be maybe. Allowed: true or false.'],
    [`fast ${place} maxCycles=1.5`, 'maxCycles cannot be 1.5. Allowed: a whole number'],
    [`fast ${place} buyPrice=cheap`, 'or an offset such as -10bps:mid'],
    [`fast ${place} timeInForce=GTD`, 'Allowed: GTC, PO, IOC, FOK.'],
    [`fast ${place} quantity=1 quantity=2`, 'quantity is named twice.'],
    [`fast ${place} strategy=arbitrage`, 'UNKNOWN_STRATEGY'],
    [`fast ${place} mode=live`, 'WRONG_MODE'],
    ['fast account=demo', 'Name the instrument'],
    ['fast account=demo instrument=BTC', 'is no instrument of sim'],
    ['fast account=of-another instrument=BTC-USDT', 'ACCOUNT_NOT_FOUND'],
  ])('is not made of %j', (typed, fault) => {
    expect(said(createIntent(typed, [demo], [bot]))).toContain(fault);
  });

  it('may be the first bot on an account of the user, and is on no other account', () => {
    const paper = { id: 'paper', venue: 'binance', mode: 'paper' as const };
    const first = createIntent('fast instrument=BTC-USDT account=paper', [demo, paper], []);
    expect(first).toMatchObject({
      intent: { config: { accountId: 'paper', mode: 'paper', instrumentId: 'binance:BTC-USDT' } },
    });
    expect(said(createIntent(`fast ${place}`, [paper], [bot]))).toContain(
      'You have no account demo. (ACCOUNT_NOT_FOUND',
    );
    expect(said(createIntent(`fast ${place}`, [], []))).toContain('Add one in the dashboard first.');
    expect(said(createIntent('fast instrument=BTC-USDT', [demo, paper], []))).toContain('Allowed: demo, paper.');
    expect(createIntent('fast instrument=BTC-USDT', [demo, paper], [bot])).toMatchObject({
      intent: { config: { accountId: 'demo' } },
    });
  });

  it('is edited in what is named, since the version that is known', () => {
    expect(editIntent(bot, wordsOf('stopLossPercent=2  quantity=null name=other'))).toEqual({
      intent: {
        kind: 'edit',
        bot: { id: bot.id, name: 'Scalper' },
        version: 5,
        name: 'other',
        parameters: { stopLossPercent: '2', quantity: null },
      },
    });
    expect(said(editIntent(bot, wordsOf('account=other')))).toContain('cannot be changed');
    expect(said(editIntent(bot, []))).toContain('What is to change?');
  });

  it('is never cut in the middle of a value', () => {
    const typed = `fast ${place} ${'x'.repeat(300)}=1 quantity=0.0123456789`;
    expect(parseChatCommand(`/create ${typed}`)).toEqual({ name: 'create', argument: typed });
  });
});
