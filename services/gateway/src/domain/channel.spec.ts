import { describe, expect, it } from '@jest/globals';
import { ownChannels, parseChannel } from './channel.js';

describe('a channel', () => {
  it.each(ownChannels)('%s is one of the user', (name) => {
    expect(parseChannel(name)).toEqual({ kind: 'own', name });
  });

  it('of candles names venue, symbol and timeframe', () => {
    expect(parseChannel('candles:sim:BTC-USDT:1s')).toEqual({
      kind: 'candles',
      name: 'candles:sim:BTC-USDT:1s',
      instrumentId: 'sim:BTC-USDT',
      timeframe: '1s',
    });
  });

  it.each([
    '',
    'bot',
    'candles',
    'candles:sim:BTC-USDT',
    'candles:sim:btc-usdt:1s',
    'candles:sim:BTC-USDT:2s',
    'candles::BTC-USDT:1s',
    'candles:sim:BTC-USDT:1s:x',
    'bots ',
  ])('%j does not exist', (text) => {
    expect(parseChannel(text)).toBeNull();
  });
});
