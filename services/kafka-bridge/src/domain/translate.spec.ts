import { describe, expect, test } from '@jest/globals';
import { registeredMessages } from '@scalpstorm/contracts';
import { rfc3339 } from './cloud-event.js';
import { carriedStreams, families } from './families.js';
import { orderingKey } from './ordering-key.js';
import { translate } from './translate.js';

describe('a family', () => {
  test('stands for every event but anchors, approvals, predictions, research and what only gateways tell one another', () => {
    const carried = new Set(families.map(({ contract }) => contract.name));
    const events = registeredMessages.filter(({ askedBy }) => askedBy === null).map(({ name }) => name);
    expect(events.filter((name) => !carried.has(name)).toSorted()).toEqual([
      'AuditAnchored',
      'CertificateIssued',
      'LiveChanged',
      'OrderApproved',
      'PredictionMade',
      'ResearchJobChanged',
    ]);
  });

  test('has a name of its own, and every stream with events is read', () => {
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
    expect([...carriedStreams].toSorted()).toEqual([
      'BOT_EVENTS',
      'OPS',
      'ORDER_COMMANDS',
      'ORDER_EVENTS',
      'ORDER_REQUESTS',
      'VERDICTS',
    ]);
  });
});

describe('the ordering key', () => {
  test.each([
    ['order.changed.v1.{account}', 'order.changed.v1.demo', 'demo'],
    ['bot.changed.v1.{bot}', 'bot.changed.v1.bot_1', 'bot_1'],
    ['market.quote.v1.{venue}.{symbol}', 'market.quote.v1.sim.BTC-USDT', 'sim:BTC-USDT'],
    ['market.candle.v1.{venue}.{symbol}.{timeframe}', 'market.candle.v1.sim.BTC-USDT.1m', 'sim:BTC-USDT'],
    ['risk.trading-state.v1', 'risk.trading-state.v1', 'risk.trading-state.v1'],
  ])('of %s in %s is %s', (template, subject, key) => {
    expect(orderingKey(template, subject)).toBe(key);
  });
});

test('a moment is told to the microsecond', () => {
  expect(rfc3339(1_795_277_681_492_007)).toBe('2026-11-21T16:14:41.492007Z');
});

describe('a message', () => {
  const routes = { namespace: 't1', topics: new Map([['orders', 't1.orders']]) };
  const heard = (subject: string) => ({ subject, data: Uint8Array.from([0xff, 0xff]), headers: {} });

  test('that was not chosen becomes nothing, whatever is in it', () => {
    expect(translate(heard('bot.changed.v1.bot_1'), routes)).toEqual({ kind: 'records', records: [] });
    expect(translate(heard('order.changed.v1.demo.more'), routes)).toEqual({ kind: 'records', records: [] });
  });

  test('that cannot be read is said to be so', () => {
    expect(translate(heard('order.changed.v1.demo'), routes)).toMatchObject({ kind: 'unreadable' });
  });
});
