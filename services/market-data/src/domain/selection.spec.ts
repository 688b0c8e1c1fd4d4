import { describe, expect, it } from '@jest/globals';
import { parseSelection } from './selection.js';

describe('the selection of instruments', () => {
  it('reads names by venue, and all of a venue', () => {
    expect(parseSelection('sim:BTC-USDT, sim:ETH-USDT,binance:BTC-USDT')).toEqual([
      { venue: 'sim', symbols: ['BTC-USDT', 'ETH-USDT'] },
      { venue: 'binance', symbols: ['BTC-USDT'] },
    ]);
    expect(parseSelection('sim:BTC-USDT,sim:*')).toEqual([{ venue: 'sim', symbols: 'all' }]);
  });

  it.each(['', 'BTC-USDT', 'sim:btcusdt', 'sim:', 'sim:BTC-USDT,,'])('refuses %p', (text) => {
    expect(parseSelection(text)).toBeNull();
  });
});
