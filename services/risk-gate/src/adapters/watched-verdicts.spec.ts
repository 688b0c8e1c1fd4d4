import { expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { BotId, EventId, type OrderRequest } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { FakeClock } from '@scalpstorm/testkit';
import { wish } from '../../test/gate-scene.js';
import { ToldVerdicts } from '../../test/handler-scene.js';
import type { Tripped } from '../ports/trips.js';
import { WatchedVerdicts } from './watched-verdicts.js';

const telling = { causedBy: EventId.of('e1'), ask: 0 };

function scene(deniedMax = 3) {
  const clock = new FakeClock();
  const tripped: Tripped[] = [];
  const breakers = {
    trip: async (one: Tripped) => {
      tripped.push(one);
    },
  };
  const told = new ToldVerdicts();
  const verdicts = new WatchedVerdicts(told, { breakers, deniedMax, clock, log: new RecordingLog() });
  const deny = async (times: number, code = 'ORDER_RATE_EXCEEDED', changes: Partial<OrderRequest> = {}) => {
    const denial = { code, text: '', limit: '', value: '', next: '' };
    for (let time = 0; time < times; time += 1) await verdicts.tell(wish(changes), { kind: 'denied', denial }, telling);
    return tripped.length;
  };
  return { clock, tripped, told, verdicts, deny };
}

it('a bot that is denied too often within a minute is halted until a person releases it, and is told every verdict', async () => {
  const { deny, tripped, told } = scene();
  expect(await deny(3)).toBe(0);
  expect(await deny(1)).toBe(1);
  expect(await deny(3)).toBe(1);
  expect(tripped[0]).toMatchObject({ breaker: 'runaway', state: 'halted', limit: '3', value: '4', needsPerson: true });
  expect(tripped[0]?.text).toContain('ORDER_RATE_EXCEEDED');
  expect(told.told).toHaveLength(7);
});

it('what is a minute ago counts no more, and each bot counts for itself', async () => {
  const { clock, deny } = scene();
  await deny(3);
  clock.advance(60 * second);
  expect(await deny(3)).toBe(0);
  expect(await deny(3, 'ORDER_RATE_EXCEEDED', { botId: BotId.of('bot_00000002') })).toBe(0);
});

it('any minute counts, wherever it begins', async () => {
  const { clock, deny } = scene();
  await deny(1);
  clock.advance(58 * second);
  expect(await deny(2)).toBe(0);
  clock.advance(4 * second);
  expect(await deny(1)).toBe(0);
  expect(await deny(1)).toBe(1);
});

it.each([
  ['what is no fault of the bot', 'MARKET_DATA_STALE', {}],
  ['a halt', 'TRADING_HALTED', {}],
  ['what others hold at the venue', 'VENUE_EXPOSURE_ABOVE_MAXIMUM', {}],
  ['what the user holds elsewhere', 'USER_EXPOSURE_ABOVE_MAXIMUM', {}],
  ['what the account holds beside it', 'ACCOUNT_EXPOSURE_ABOVE_MAXIMUM', {}],
  ['an order of another of the user’s bots', 'SELF_TRADE', {}],
  ['a close, which a halt would not hold back', 'EXCEEDS_POSITION', { purpose: 'close', side: 'sell' } as const],
  ['an order by hand', 'ORDER_RATE_EXCEEDED', { botId: null }],
])('%s does not count', async (_, code, changes) => {
  const { deny } = scene();
  expect(await deny(50, code, changes)).toBe(0);
});

it('an approval counts for nothing', async () => {
  const { verdicts, tripped, clock } = scene();
  for (let time = 0; time < 50; time += 1) {
    await verdicts.tell(wish(), { kind: 'approved', expiresAt: clock.now() }, telling);
  }
  expect(tripped).toEqual([]);
});
