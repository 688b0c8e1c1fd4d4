import { describe, expect, it } from '@jest/globals';
import { HaltTally } from './halt-tally.js';

const bot = (id: string) => ({ id, account: 'demo', venue: 'sim', symbol: 'BTC-USDT', held: '0.5' });

describe('the tally of a halt', () => {
  it('says "not told" only of bots that nobody asked, whenever it is read', () => {
    const tally = new HaltTally('flatten', 1);
    for (const id of ['bot_asked', 'bot_obeys', 'bot_waits']) tally.seeBot(bot(id));
    tally.asking('bot_asked');
    tally.asking('bot_obeys');
    tally.told({ bot: 'bot_obeys', verb: 'flatten', code: null, text: '' });
    expect(tally.bots().map(({ bot: id, code }) => [id, code])).toEqual([
      ['bot_asked', 'SERVICE_UNAVAILABLE'],
      ['bot_obeys', null],
      ['bot_waits', 'NOT_REACHED'],
    ]);
    expect(tally.bots()[0]?.text).toContain('not known whether the bot obeyed');
    expect(tally.remaining()).toMatchObject({ bots: 2, positions: 2 });
  });
});
