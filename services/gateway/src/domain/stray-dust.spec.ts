import { describe, expect, test } from '@jest/globals';
import { InstrumentId, Money, Price, Quantity } from '@scalpstorm/model';
import { anInstrument } from '@scalpstorm/testkit';
import { isStrayDust } from './stray-dust.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const instrument = anInstrument({ quantityMin: Quantity.of('0.001'), notionalMin: Money.of('5', 'USDT') });
const at = (price: string | null) => ({
  instruments: [instrument],
  lastPrices: price === null ? [] : [{ instrumentId, price: Price.of(price) }],
});
const left = (quantity: string) => ({
  ...{ account: 'demo', venue: 'sim', symbol: 'BTC-USDT' },
  ...{ quantity, bot: 'bot_00000001' },
});

describe('what a deleted bot has left', () => {
  test.each([
    ['is dust below the least quantity, whatever the price', '0.0009', null, true],
    ['is dust where it is short', '-0.0009', null, true],
    ['is dust where it is worth less than two least orders', '0.001', '9999', true],
    ['is none where it is worth two least orders', '0.001', '10000', false],
    ['is none while no price says that it is', '0.001', null, false],
  ] as const)('%s', (_, quantity, price, expected) => {
    expect(isStrayDust(left(quantity), at(price))).toBe(expected);
  });

  test('is none where nobody knows the instrument', () => {
    expect(isStrayDust(left('0.0001'), { instruments: [], lastPrices: [] })).toBe(false);
  });
});
