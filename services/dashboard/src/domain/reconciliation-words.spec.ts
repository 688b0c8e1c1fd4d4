import { expect, it } from '@jest/globals';
import type { ExternalOrder } from '../generated/api.js';
import { decidedWords, mayDecide } from './reconciliation-words.js';

const order: ExternalOrder = {
  ...{ id: '7', account: 'demo', venue: 'sim', symbol: 'BTC-USDT', venueOrderId: '901', clientOrderId: 'phone' },
  ...{ side: 'sell', quantity: '0.01', filledQuantity: '0', price: '70000', working: true },
  ...{ seenAt: '2026-11-22T01:00:00.000Z', decision: null, decidedBy: null, decidedAt: null, outcome: '' },
};

it('an order from elsewhere is open to a decision while it works and nobody took it in or canceled it', () => {
  expect(mayDecide(order)).toBe(true);
  expect(mayDecide({ ...order, decision: 'ignore' })).toBe(true);
  expect(mayDecide({ ...order, decision: 'adopt' })).toBe(false);
  expect(mayDecide({ ...order, decision: 'cancel' })).toBe(false);
  expect(mayDecide({ ...order, working: false })).toBe(false);
});

it('tells who decided what, and what came of it', () => {
  expect(decidedWords(order, 'usr_1')).toBe('');
  expect(decidedWords({ ...order, decision: 'ignore', decidedBy: 'usr_1', outcome: 'left alone' }, 'usr_1')).toBe(
    'Ignored by you: left alone',
  );
  expect(decidedWords({ ...order, decision: 'cancel', decidedBy: 'usr_2' }, 'usr_1')).toBe('Cancel by usr_2');
});
