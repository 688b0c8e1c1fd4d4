import { describe, expect, it } from '@jest/globals';
import { type LimitLayer, limitNames, limitsInForce } from '@scalpstorm/engine';
import { AccountId, BotId, Money, RiskScope, UserId, VenueId } from '@scalpstorm/model';
import { riskGateEnv } from '../config.js';
import { fromTexts, limitNamed, limitOf, settingNames, textOf, toTexts } from './limit-texts.js';
import { type LimitWish, wished } from './limit-wishes.js';
import { limitsFrom } from './limits.js';

const natsAndPostgres = { NATS_URL: 'nats://a', NATS_USER: 'a', NATS_PASSWORD: 'a', POSTGRES_URL: 'postgres://a' };
const settings = limitsFrom(riskGateEnv.parse({ SCALPSTORM_NAMESPACE: 'x', ...natsAndPostgres }));
const bot = RiskScope.bot(BotId.of('bot_00000001'));
const ask = (wishes: readonly LimitWish[], scope: RiskScope = bot, layers: readonly LimitLayer[] = []) =>
  wished({}, wishes, { scope, wider: limitsInForce(settings, layers) });
const codes = (...asked: Parameters<typeof ask>) => {
  const found = ask(...asked);
  return found.ok ? 'fine' : found.refusals.map(({ code, field }) => `${code} ${field}`);
};

describe('what is wanted of limits', () => {
  it('comes in the units of the settings, and is written and read as it was', () => {
    const wishes = [
      { name: 'RISK_ORDER_NOTIONAL_MAX', value: '12.5' },
      { name: 'RISK_MARKET_AGE_MS_MAX', value: '250' },
      { name: 'RISK_OPEN_ORDERS_PER_BOT_MAX', value: '0' },
    ];
    const found = ask(wishes);
    const limits = {
      orderNotionalMax: Money.of('12.5', 'USDT'),
      marketDataAgeMax: 250_000,
      openOrdersPerBotMax: 0,
    };
    expect(found).toEqual({ ok: true, limits });
    expect(fromTexts(toTexts(limits), settings)).toEqual(limits);
    expect(toTexts(limits)).toEqual(Object.fromEntries(wishes.map(({ name, value }) => [name, value])));
  });

  it('is refused where it is looser than what is wider, which is named', () => {
    const venue = RiskScope.venue(VenueId.of('sim'));
    const layers = [{ scope: venue, limits: { orderNotionalMax: Money.of('100', 'USDT') } }];
    const wishes = [{ name: 'RISK_ORDER_NOTIONAL_MAX', value: '100.01' }];
    expect(ask(wishes, bot, layers)).toMatchObject({
      ok: false,
      refusals: [{ code: 'LIMIT_ABOVE_BOUND', allowed: '0 to 100', text: expect.stringContaining('venue:sim') }],
    });
    expect(ask(wishes)).toMatchObject({ ok: true });
    expect(codes([{ name: 'RISK_ORDER_NOTIONAL_MAX', value: '10000.01' }], RiskScope.platform)).toEqual([
      'LIMIT_ABOVE_BOUND /limits/RISK_ORDER_NOTIONAL_MAX',
    ]);
  });

  it('is told all that is wrong with it at once', () => {
    const wishes = [
      { name: 'RISK_OF_RAIN', value: '1' },
      { name: 'RISK_ACCOUNT_EXPOSURE_MAX', value: '1' },
      { name: 'RISK_PRICE_COLLAR_BPS', value: '-1' },
      { name: 'RISK_ORDER_NOTIONAL_MAX', value: '1e3' },
      { name: 'RISK_BOT_EXPOSURE_MAX', value: '5' },
    ];
    expect(codes(wishes)).toEqual([
      'LIMIT_UNKNOWN /limits/RISK_OF_RAIN',
      'LIMIT_NOT_OF_SCOPE /limits/RISK_ACCOUNT_EXPOSURE_MAX',
      'LIMIT_UNREADABLE /limits/RISK_PRICE_COLLAR_BPS',
      'LIMIT_UNREADABLE /limits/RISK_ORDER_NOTIONAL_MAX',
    ]);
  });

  it('leaves what it does not name, and takes back what it wants to be nothing', () => {
    const before = { orderNotionalMax: Money.of('5', 'USDT'), priceCollarBps: 10 };
    const around = { scope: bot, wider: limitsInForce(settings, []) };
    const found = wished(before, [{ name: 'RISK_ORDER_NOTIONAL_MAX', value: null }], around);
    expect(found.ok && toTexts(found.limits)).toEqual({ RISK_PRICE_COLLAR_BPS: '10' });
  });

  it.each([
    ['RISK_USER_EXPOSURE_MAX', RiskScope.user(UserId.of('usr_1'))],
    ['RISK_VENUE_EXPOSURE_MAX', RiskScope.venue(VenueId.of('sim'))],
    ['RISK_ACCOUNT_EXPOSURE_MAX', RiskScope.account(AccountId.of('demo'))],
  ])('%s is of whom it bounds', (name, scope) => {
    expect(codes([{ name, value: '1' }], scope)).toBe('fine');
    expect(codes([{ name, value: '1' }], bot)).toEqual([`LIMIT_NOT_OF_SCOPE /limits/${name}`]);
  });
});

it('every limit has the name of a setting, and reads its own value', () => {
  for (const name of limitNames) {
    expect([name, limitNamed(settingNames[name])]).toEqual([name, name]);
    expect([name, limitOf(name, textOf(name, settings[name]), settings)]).toEqual([name, settings[name]]);
  }
});
