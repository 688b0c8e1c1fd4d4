import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { aFeedStatus } from '@scalpstorm/testkit';
import { Outage } from './outage.js';

const at = (seconds: number): Timestamp => Timestamp.fromMicros(seconds * 1_000_000);
const limits = { pollAfter: 5_000_000, polledFor: 3_000_000 };
const told = (state: 'live' | 'disconnected' | 'resyncing' | 'stale') => aFeedStatus({ state, detail: 'cut' });

describe('the outage of a socket', () => {
  it('wants prices asked for when it lasts, and no more when the socket is live', () => {
    const outage = new Outage(at(0), limits);
    expect([outage.wantsPolling(at(5)), outage.wantsPolling(at(6))]).toEqual([false, true]);
    outage.heard('live', at(7));
    expect(outage.wantsPolling(at(100))).toBe(false);
    outage.heard('disconnected', at(100));
    expect([outage.wantsPolling(at(105)), outage.wantsPolling(at(106))]).toEqual([false, true]);
  });

  it('goes on while the socket comes and is lost again before it is live', () => {
    const outage = new Outage(null, limits);
    outage.heard('disconnected', at(0));
    outage.heard('resyncing', at(4));
    expect(outage.wantsPolling(at(6))).toBe(false);
    outage.heard('disconnected', at(6));
    expect(outage.wantsPolling(at(6))).toBe(true);
  });

  it('is live while the price that was asked for is fresh by its own time, and says where it comes from', () => {
    const outage = new Outage(at(0), limits);
    expect(outage.judge(told('disconnected'), at(8))).toEqual(told('disconnected'));
    outage.polled(at(10));
    expect(outage.judge(told('disconnected'), at(13))).toMatchObject({
      state: 'live',
      detail: 'polling, because the socket is down: cut',
    });
    expect(outage.judge(told('resyncing'), at(13)).state).toBe('live');
    expect(outage.judge(told('disconnected'), at(14))).toMatchObject({
      state: 'disconnected',
      detail: 'cut; polling: the newest answer is 4000 ms old, limit 3000 ms',
    });
  });

  it('leaves the judgement to the socket when that is back', () => {
    const outage = new Outage(at(0), limits);
    outage.polled(at(10));
    outage.heard('live', at(11));
    expect(outage.judge(told('stale'), at(11))).toEqual(told('stale'));
    outage.heard('disconnected', at(12));
    expect(outage.judge(told('disconnected'), at(12))).toEqual(told('disconnected'));
  });
});
