import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, EventId, InstrumentId, TradeId } from '@scalpstorm/model';
import fc from 'fast-check';
import {
  activityLogged,
  cancelRequested,
  createMeta,
  inNamespace,
  subjectFilter,
  tradeTicked,
  withSpeaker,
} from './index.js';
import { router } from './subject.js';
import { trade } from './testing/arbitraries.js';

const meta = createMeta(EventId.of('e'), null, Timestamp.fromMicros(1), Timestamp.fromMicros(1));

describe('a subject', () => {
  it('carries venue and symbol of its instrument', () => {
    const [sample] = fc.sample(trade, { numRuns: 1, seed: 1 });
    if (sample === undefined) throw new Error('no sample');
    const traded = { ...sample, instrumentId: InstrumentId.of('sim', 'BTC-USDT'), tradeId: TradeId.of('1') };
    expect(tradeTicked.route({ meta, trade: traded })).toBe('market.trade.v1.sim.BTC-USDT');
  });

  it('leaves the speaker to the connection', () => {
    expect(withSpeaker(activityLogged.subject, 'strategy')).toBe('ops.activity.v1.strategy');
  });

  it.each(['*', '>', 'a.b', '', 'a b', 'a'.repeat(65)])('is never made with the account %j', (account) => {
    const cancel = { meta, accountId: AccountId.of(account), clientOrderId: 'a', reason: 'stop' };
    expect(() => cancelRequested.route(cancel as never)).toThrow('not a subject token');
  });

  it('of which a placeholder has no token is a bug found at import', () => {
    expect(() => router('a.v1.{account}', {})).toThrow('no token for {account}');
  });
});

describe('a filter', () => {
  it('stands for every token that was not given', () => {
    expect(subjectFilter('market.candle.v1.{venue}.{symbol}.{timeframe}', { symbol: 'BTC-USDT' })).toBe(
      'market.candle.v1.*.BTC-USDT.*',
    );
  });

  it.each(['*', '>', 'a.b'])('never widens by the token %j', (symbol) => {
    expect(() => subjectFilter(tradeTicked.subject, { symbol })).toThrow('not a subject token');
  });

  it('of a token that the subject lacks is refused, because it would filter nothing', () => {
    expect(() => subjectFilter(tradeTicked.subject, { account: 'demo' })).toThrow('has no token {account}');
  });
});

describe('a namespace', () => {
  it('is the first token', () => {
    expect(inNamespace('scalpstorm', 'risk.trading-state.v1')).toBe('scalpstorm.risk.trading-state.v1');
  });

  it.each(['', 'A', 'a.b', '*', 'a'.repeat(25)])('is never %j', (namespace) => {
    expect(() => inNamespace(namespace, 'a')).toThrow('not a namespace');
  });
});
