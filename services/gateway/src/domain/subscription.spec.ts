import { describe, expect, it } from '@jest/globals';
import { pendingMax, Subscription } from './subscription.js';

const slow = true;
const quick = false;

describe('a subscription', () => {
  it('holds changes back until the snapshot is there, and numbers everything', () => {
    const bots = new Subscription('bots');
    expect(bots.change('b1', quick)).toBeNull();
    expect(bots.snapshot(['b0'])).toEqual([
      { ch: 'bots', type: 'snapshot', seq: 1, data: ['b0'] },
      { ch: 'bots', type: 'delta', seq: 2, data: ['b1'] },
    ]);
    expect(bots.change('b2', quick)).toEqual({ ch: 'bots', type: 'delta', seq: 3, data: ['b2'] });
  });

  it('drops changes for a slow client and gives it a new snapshot later', () => {
    const orders = new Subscription('orders');
    orders.snapshot([]);
    expect(orders.change('o1', slow)).toBeNull();
    expect(orders.state).toBe('gapped');
    expect(orders.change('o2', quick)).toBeNull();
    expect(orders.reload()).toBe(true);
    expect(orders.reload()).toBe(false);
    expect(orders.change('o3', quick)).toBeNull();
    expect(orders.snapshot(['o1', 'o2'])).toEqual([
      { ch: 'orders', type: 'snapshot', seq: 2, data: ['o1', 'o2'] },
      { ch: 'orders', type: 'delta', seq: 3, data: ['o3'] },
    ]);
  });

  it('keeps no more changes than its bound while it waits for a snapshot', () => {
    const fills = new Subscription('fills');
    for (let change = 0; change < pendingMax; change += 1) fills.change(change, quick);
    expect(fills.state).toBe('loading');
    fills.change('one too many', quick);
    expect(fills.state).toBe('gapped');
    expect(fills.snapshot(['late'])).toEqual([]);
    expect(fills.reload()).toBe(true);
  });

  it('asks for its snapshot again when it could not be read', () => {
    const activity = new Subscription('activity');
    activity.interrupt();
    expect(activity.reload()).toBe(true);
    expect(activity.snapshot(['a'])).toHaveLength(1);
  });
});
