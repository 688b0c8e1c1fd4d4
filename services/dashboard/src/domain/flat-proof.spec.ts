import { describe, expect, it } from '@jest/globals';
import type { HaltProof } from '../generated/api.js';
import { dustSentence, openLines, proofSentence } from './flat-proof.js';

const clock = (iso: string) => iso.slice(11, 19);
const flat: HaltProof = {
  ...{ scope: 'mine', flat: true, checkedAt: '2026-11-22T01:02:03.000Z', halted: true, openOrders: 0 },
  ...{ orders: [], positions: [], dust: [], unproven: [] },
};
const why = { plan: null, reason: 'BOT_HOLDS: its bot closes it', nextStep: 'Flatten the bot.' };
const position = { account: 'demo', instrument: 'sim:BTC-USDT', quantity: '0.002', bot: 'bot_1', ...why };
const order = { ...position, clientOrderId: 'a1', side: 'sell', ours: true };

describe('the proof of flat', () => {
  it('says when the venue proved it', () => {
    expect(proofSentence(flat, clock)).toBe('Flat, proven by the venue at 01:02:03.');
  });

  it('never takes what is not proven for flat', () => {
    expect(proofSentence({ ...flat, flat: null }, clock)).toBe('Whether it is flat could not be proven at 01:02:03.');
    const left = { ...flat, flat: false, openOrders: 2, positions: [position] };
    expect(proofSentence(left, clock)).toBe('Not flat at 01:02:03: 2 open orders and 1 position.');
    expect(proofSentence({ ...flat, flat: false }, clock)).toBe('Not flat at 01:02:03: something is open.');
  });

  it('names what is open, whose it is, and what nobody placed here', () => {
    const proof = { ...flat, flat: false, orders: [order, { ...order, clientOrderId: 'web', ours: false }] };
    const ofNoBot = { ...position, bot: null };
    const positions = [ofNoBot, { ...ofNoBot, plan: 'plan_000000000001' }];
    const lines = openLines({ ...proof, positions }, new Map([['bot_1', 'calm']]));
    const told = 'Its bot closes it. Flatten the bot.';
    expect(lines.map(({ what, note }) => [what, note])).toEqual([
      ['Order: sell 0.002 BTC-USDT', `of calm, account demo. ${told}`],
      ['Order: sell 0.002 BTC-USDT', `placed elsewhere, account demo. ${told}`],
      ['Position: 0.002 BTC-USDT', `by hand, account demo. ${told}`],
      ['Position: 0.002 BTC-USDT', `of the plan plan_000000000001, account demo. ${told}`],
    ]);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(4);
  });

  it('tells of dust, which is no position', () => {
    expect(dustSentence(flat)).toBe('');
    expect(dustSentence({ ...flat, dust: [position] })).toBe('1 remainder too small for any order: dust.');
    const sold = { ...position, reason: 'SOLD_MORE_THAN_BOUGHT: nothing is held' };
    expect(dustSentence({ ...flat, dust: [sold] })).toBe(
      '1 holding sold by hand beyond what was bought here: nothing is held of it.',
    );
  });
});
