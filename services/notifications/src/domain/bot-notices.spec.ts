import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type Bot, EventId, Money, observedStates, UserId } from '@scalpstorm/model';
import { aBot, aBotTotals, aCycle } from '@scalpstorm/testkit';
import { noticeOfBot, noticeOfCycle } from './bot-notices.js';
import { messageOf } from './notice.js';

const at = Timestamp.fromMicros(1_700_000_000_000_000);
const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: at, recordedAt: at };
const turn = (before: Bot | null, bot: Bot, deleted = false) => noticeOfBot(before, { meta, bot, deleted });
const was = (observed: Bot['observed']) => aBot({ observed });

describe('a change of a bot', () => {
  it.each([
    ['starting', 'running', 'bot-started'],
    ['pausing', 'paused', 'bot-paused'],
    ['stopping', 'stopped', 'bot-stopped'],
    ['flattening', 'stopped', 'bot-stopped'],
    ['running', 'stopped', 'bot-stopped-itself'],
    ['paused', 'stopped', 'bot-stopped-itself'],
    ['starting', 'stopped', 'bot-stopped-itself'],
    ['running', 'error', 'bot-failed'],
  ] as const)('from %s to %s is %s', (before, after, kind) => {
    expect(turn(was(before), was(after))?.kind).toBe(kind);
  });

  it('of its totals alone is no news, in any state', () => {
    for (const state of observedStates) {
      expect(turn(was(state), aBot({ observed: state, totals: aBotTotals({ fills: 9 }) }))).toBeNull();
    }
  });

  it('on its way is no news', () => {
    for (const state of ['starting', 'pausing', 'stopping', 'flattening'] as const) {
      expect(turn(was('running'), was(state))).toBeNull();
    }
  });

  it('that makes or deletes it is told', () => {
    const created = aBot({ observed: 'stopped', reason: { code: 'CREATED', text: 'created' } });
    expect(turn(null, created)?.kind).toBe('bot-created');
    expect(turn(was('stopped'), was('stopped'), true)?.kind).toBe('bot-deleted');
  });

  it('names the mode, the reason and its code', () => {
    const reason = { code: 'STOPPED_BY_STOP_LOSS', text: 'The price fell below the stop.' };
    const stopped = aBot({ observed: 'stopped', reason, config: { ...aBot().config, mode: 'live', name: 'grid' } });
    const notice = turn(was('running'), stopped);
    expect(notice && messageOf(notice)).toEqual({
      title: 'LIVE · grid stopped by itself',
      lines: [
        'scalping-cycle · BTC-USDT on sim',
        'The price fell below the stop. (STOPPED_BY_STOP_LOSS)',
        '2023-11-14 22:13:20 UTC',
      ],
    });
  });
});

describe('a cycle', () => {
  it('is told to the last digit, with its fees, and a fee of unknown value beside it', () => {
    const net = Money.of('-12345678901234567.000000000000000001', 'USDT');
    const valued = { fee: Money.of('0.2', 'XYZ'), value: Money.of('1', 'USDT'), priced: null };
    const otherFees = [{ fee: Money.of('0.1', 'BNB'), value: null, priced: null }, valued];
    const notice = noticeOfCycle(
      { meta, userId: UserId.of('u'), cycle: aCycle({ net, otherFees }), amends: false },
      null,
    );
    expect(notice.level).toBe('WARNING');
    expect(notice.title).toContain('-12345678901234567.000000000000000001 USDT');
    expect(notice.lines.join(' ')).toContain('fees 0.2 USDT, and not in it: 0.1 BNB');
  });
});
