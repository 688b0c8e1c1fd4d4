import { describe, expect, it } from '@jest/globals';
import {
  haltedWords,
  haltLevels,
  haltOwners,
  haltReach,
  haltScopes,
  haltStatement,
  haltUnknown,
  isTyped,
  within,
} from './halt.js';
import type { Bot, Holdings, Order } from './rows.js';

const names = new Map([['bot_1', 'calm']]);
const bot = (mode: Bot['mode'], desired: Bot['desired']) => ({ mode, desired }) as Bot;
const order = (mode: Order['mode'], final: boolean) => ({ mode, final }) as Order;

describe('the brake', () => {
  it('wants the word typed where it trades at any price, and where it meets everybody', () => {
    expect(haltLevels.map(({ level }) => isTyped(level, 'mine'))).toEqual([false, false, true]);
    expect(haltLevels.map(({ level }) => isTyped(level, 'platform'))).toEqual([true, true, true]);
    expect(haltLevels.map(({ level }) => isTyped(level, 'venue:sim'))).toEqual([true, true, true]);
    expect(haltLevels.map(({ level }) => isTyped(level, 'bot:bot_1'))).toEqual([false, false, true]);
  });

  it('says of each level and scope something else', () => {
    const scopes = ['mine', 'bot:bot_1', 'account:demo', 'venue:sim', 'platform'];
    const said = haltLevels.flatMap(({ level }) => scopes.map((scope) => haltStatement(level, scope, names)));
    expect(new Set(said).size).toBe(15);
    expect(haltStatement('cancel', 'platform', names)).toMatch(/^Every bot of every user stops/);
    expect(haltStatement('cancel', 'venue:sim', names)).toMatch(/^Every bot of every user at the venue sim stops/);
    expect(haltStatement('halt', 'bot:bot_1', names)).toMatch(/^The bot calm opens nothing new/);
  });

  it('offers what is everybody’s only to whoever may halt it', () => {
    expect(haltScopes(false).map(({ kind }) => kind)).toEqual(['mine', 'bot', 'account']);
    expect(haltScopes(true).map(({ kind }) => kind)).toContain('venue');
  });

  it('counts only what the scope reaches', () => {
    const bots = [{ ...bot('demo', 'running'), id: 'bot_1', account: 'demo', venue: 'sim' } as Bot];
    const orders = [{ ...order('demo', false), bot: null, account: 'other', venue: 'sim' } as Order];
    const reachOf = (scope: string) => haltReach(within({ bots, orders, accounts: [] }, scope))[0];
    expect(reachOf('mine')).toMatchObject({ bots: 1, openOrders: 1 });
    expect(reachOf('bot:bot_1')).toMatchObject({ bots: 1, openOrders: 0 });
    expect(reachOf('account:other')).toMatchObject({ bots: 0, openOrders: 1 });
    expect(reachOf('venue:elsewhere')).toBeUndefined();
  });

  it('never says of the platform that it meets nothing, nor of a halt more than is true at every level', () => {
    expect(haltOwners('mine', true)).toMatch(/no active bot/);
    expect(haltOwners('mine', false)).toBe('');
    for (const isNothing of [true, false]) expect(haltOwners('platform', isNothing)).toMatch(/everybody else are met/);
    // A halt that cancels stops the bots, and the exits with them.
    expect(haltedWords).toMatch(/Bots that still run go on with their exits/);
  });

  it('counts what it meets by mode, live first, and never over all modes', () => {
    expect(haltReach({ bots: [], orders: [], accounts: [] })).toEqual([]);
    const holdings = {
      positions: [
        { mode: 'live', quantity: '0.1' },
        { mode: 'demo', quantity: '0.000' },
      ],
    };
    const reach = haltReach({
      bots: [bot('demo', 'running'), bot('demo', 'stopped'), bot('live', 'paused')],
      orders: [order('demo', false), order('demo', true)],
      accounts: [holdings as unknown as Holdings],
    });
    expect(reach).toEqual([
      { mode: 'live', bots: 1, openOrders: 0, positions: 1 },
      { mode: 'demo', bots: 1, openOrders: 1, positions: 0 },
    ]);
  });

  it('never says that there is nothing to halt while that is not known', () => {
    const nothing = { bots: undefined, orders: undefined, accounts: undefined };
    expect(haltUnknown(nothing)).toMatch(/^It is not known yet which bots, orders and positions are active or open/);
    expect(haltUnknown({ bots: [], orders: [], accounts: undefined })).toMatch(/which positions are/);
    expect(haltUnknown({ bots: [], orders: [], accounts: [] })).toBe('');
    expect(haltReach({ ...nothing, bots: [bot('demo', 'running')] })).toEqual([
      { mode: 'demo', bots: 1, openOrders: null, positions: null },
    ]);
  });
});
