import { describe, expect, test } from '@jest/globals';
import { violationsOf } from './violations.mjs';

const bot = 'bot_aaaaaaaa';
const entryId = 'saaaaaaaaN000010000';
const exitId = 'saaaaaaaaX000010000';
const flattenId = 'saaaaaaaaF000010000';

const closedBooks = { poolSide: 'buy', poolValue: '0', gross: '0', fees: '0', otherFees: {} };

/** A bot bought 2 at 10 for a fee of 0.002 of the base, and sold 1.998 at 11 for a fee of 0.021978 of the quote. */
function healthy() {
  const order = { symbol: 'BTCUSDT', status: 'FILLED' };
  const venueOrders = [
    {
      ...order,
      orderId: 1,
      clientOrderId: entryId,
      origQty: '2.000',
      executedQty: '2.000',
      time: 100,
      updateTime: 200,
    },
    { ...order, orderId: 2, clientOrderId: exitId, origQty: '1.998', executedQty: '1.998', time: 210, updateTime: 300 },
  ];
  const trade = { symbol: 'BTCUSDT' };
  const bought = {
    ...trade,
    id: 7,
    orderId: 1,
    isBuyer: true,
    price: '10.0',
    qty: '2.000',
    quoteQty: '20',
    commission: '0.002',
    commissionAsset: 'BTC',
  };
  const sold = {
    ...trade,
    id: 8,
    orderId: 2,
    isBuyer: false,
    price: '11.0',
    qty: '1.998',
    quoteQty: '21.978',
    commission: '0.021978',
    commissionAsset: 'USDT',
  };
  const ours = ({ id, orderId, price, qty, commission, commissionAsset }, clientOrderId) => ({
    symbol: 'BTCUSDT',
    trade_id: String(id),
    venue_order_id: String(orderId),
    client_order_id: clientOrderId,
    price,
    quantity: qty,
    fee: commission,
    fee_currency: commissionAsset,
  });
  return {
    venueOrders,
    venueTrades: [bought, sold],
    opening: new Map([
      ['BTC', ['1', '0']],
      ['USDT', ['100', '0']],
    ]),
    closing: new Map([
      ['BTC', ['1', '0']],
      ['USDT', ['101.956022', '0']],
    ]),
    orders: [
      { client_order_id: entryId, bot_id: bot, side: 'buy', status: 'filled', reason_code: null, filled_quantity: '2' },
      {
        client_order_id: exitId,
        bot_id: bot,
        side: 'sell',
        status: 'filled',
        reason_code: null,
        filled_quantity: '1.998',
      },
    ],
    fills: [ours(bought, entryId), ours(sold, exitId)],
    positions: [{ bot_id: bot, quantity: '0' }],
    // Sold for 21.978 what cost 19.98; fees of 0.02 (in base) and 0.021978.
    bots: [
      {
        id: bot,
        observed: 'stopped',
        reason_code: 'STOPPED',
        reason_text: 'The bot is stopped.',
        held: '0',
        fills: 2,
        cycles: 1,
        pairs: 1,
        pnl: '1.956022',
        net: '1.956022',
        other_fees: [],
        books: closedBooks,
      },
    ],
    deadLetters: 0,
    assetsOf: () => ({ base: 'BTC', quote: 'USDT' }),
  };
}

/** The second fee was 0.01 BNB, worth 3 USDT: the profit is 1.998 less that. */
function inThirdCurrency() {
  const facts = healthy();
  const fee = { commission: '0.01', commissionAsset: 'BNB' };
  const other_fees = [{ currency: 'BNB', amount: '0.01', value: '3' }];
  return {
    ...facts,
    venueTrades: replaced(facts.venueTrades, 1, fee),
    fills: replaced(facts.fills, 1, { fee: '0.01', fee_currency: 'BNB' }),
    opening: new Map([...facts.opening, ['BNB', ['1', '0']]]),
    closing: new Map([...facts.closing, ['USDT', ['101.978', '0']], ['BNB', ['0.99', '0']]]),
    bots: replaced(facts.bots, 0, { pnl: '-1.022', net: '-1.022', other_fees }),
  };
}

const replaced = (list, index, change) => list.with(index, { ...list[index], ...change });

/** Every way to be wrong that a check is there for, and what it says. */
const planted = {
  'a second order at the venue for one intent': [
    (facts) => ({
      venueOrders: [...facts.venueOrders, { ...facts.venueOrders[1], orderId: 3, time: 300, executedQty: '0' }],
    }),
    'two orders',
  ],
  'an order that our books do not know': [(facts) => ({ orders: facts.orders.slice(0, 1) }), 'our books do not know'],
  'an order that never reached the venue': [
    (facts) => ({
      orders: [...facts.orders, { ...facts.orders[0], client_order_id: 'saaaaaaaaN000020000', status: 'accepted' }],
    }),
    'never at the venue',
  ],
  'another state than the venue has': [
    (facts) => ({ orders: replaced(facts.orders, 1, { status: 'canceled' }) }),
    'canceled here, FILLED at the venue',
  ],
  'a lost fill': [(facts) => ({ fills: facts.fills.slice(1) }), 'is lost'],
  'a fill that never was': [
    (facts) => ({ fills: [...facts.fills, { ...facts.fills[0], trade_id: '9' }] }),
    'not at the venue',
  ],
  'a fee that is wrong in the last decimal': [
    (facts) => ({ fills: replaced(facts.fills, 1, { fee: '0.021979' }) }),
    'differs',
  ],
  'cash that is gone': [
    (facts) => ({ closing: new Map([...facts.closing, ['USDT', ['101.956021', '0']]]) }),
    'USDT: the venue holds 101.956021, its trades leave 101.956022',
  ],
  'an order that was left open': [
    (facts) => ({ venueOrders: replaced(facts.venueOrders, 1, { status: 'NEW' }) }),
    'still open',
  ],
  'a position that is not its fills': [
    (facts) => ({ positions: replaced(facts.positions, 0, { quantity: '0.001' }) }),
    'the position says 0.001',
  ],
  'a strategy that remembers another position': [
    (facts) => ({ bots: replaced(facts.bots, 0, { held: '2' }) }),
    'the strategy holds 2',
  ],
  'a fill that a bot counted twice': [
    (facts) => ({ bots: replaced(facts.bots, 0, { fills: 3 }) }),
    'counts 3 fills of 2',
  ],
  'a cycle without its pair': [
    (facts) => ({ bots: replaced(facts.bots, 0, { pairs: 0 }) }),
    '1 cycles, but 0 stored pairs',
  ],
  'two orders at once in one leg': [
    (facts) => ({
      venueOrders: [
        ...facts.venueOrders,
        {
          ...facts.venueOrders[0],
          orderId: 3,
          clientOrderId: 'saaaaaaaaN000010001',
          time: 150,
          status: 'CANCELED',
          executedQty: '0',
        },
      ],
      orders: [
        ...facts.orders,
        { ...facts.orders[0], client_order_id: 'saaaaaaaaN000010001', status: 'canceled', filled_quantity: '0' },
      ],
    }),
    'still worked',
  ],
  'an entry beside an exit': [
    (facts) => ({ venueOrders: replaced(facts.venueOrders, 1, { time: 150 }) }),
    'still worked',
  ],
  'two cycles at once': [
    (facts) => ({
      venueOrders: [
        ...facts.venueOrders,
        { ...facts.venueOrders[0], orderId: 3, clientOrderId: 'saaaaaaaaN000020000', time: 250, executedQty: '0' },
      ],
    }),
    'still worked',
  ],
  'a cycle that was left out': [
    (facts) => ({
      venueOrders: [
        ...facts.venueOrders,
        { ...facts.venueOrders[0], orderId: 3, clientOrderId: 'saaaaaaaaN000030000', time: 400, executedQty: '0' },
      ],
    }),
    'of cycle 3 follows cycle 1',
  ],
  'an entry that was filled twice': [
    (facts) => ({
      venueOrders: [
        facts.venueOrders[0],
        { ...facts.venueOrders[0], orderId: 2, clientOrderId: 'saaaaaaaaN000010001', time: 210, executedQty: '0.1' },
      ],
    }),
    'filled 2.1 of 2',
  ],
  'a profit that its pairs do not have': [
    (facts) => ({ bots: replaced(facts.bots, 0, { pnl: '1.956023' }) }),
    'its pairs add up to 1.956022',
  ],
  'a profit that the venue did not pay': [
    (facts) => ({ bots: replaced(facts.bots, 0, { pnl: '2', net: '2' }) }),
    'booked 2, its cash and what it holds at cost are 1.956022',
  ],
  'a sale of what is bought only later': [
    (facts) => ({ venueTrades: replaced(facts.venueTrades, 1, { id: 6 }) }),
    'sold 1.998 more than there was, with trade 6',
  ],
  'a second sale of what was sold already, though the next entry covers it': [
    (facts) => ({
      venueOrders: [...facts.venueOrders, { ...facts.venueOrders[1], orderId: 3, clientOrderId: flattenId }],
      venueTrades: [
        ...facts.venueTrades,
        { ...facts.venueTrades[1], id: 9, orderId: 3, qty: '0.5' },
        { ...facts.venueTrades[0], id: 10 },
      ],
    }),
    `${flattenId} sold 0.5 more than there was, with trade 9`,
  ],
  'a bot that stopped by itself': [
    (facts) => ({ bots: replaced(facts.bots, 0, { reason_code: 'ORDER_CANCELED_AT_VENUE' }) }),
    'stopped by itself: ORDER_CANCELED_AT_VENUE',
  ],
  'a bot that does not stop': [
    (facts) => ({ bots: replaced(facts.bots, 0, { observed: 'stopping', reason_code: 'USER_STOP' }) }),
    'is stopping after every bot was stopped: USER_STOP',
  ],
  'a dead letter': [() => ({ deadLetters: 1 }), 'dead letters'],
};

describe('what must be true after any number of deaths', () => {
  test('nothing is wrong with a bot that bought, sold and paid its fees', () => {
    expect(violationsOf(healthy())).toEqual([]);
  });

  test('nothing is wrong with a fee in a third currency that was valued, or waits for a price, or is of the cycle that runs', () => {
    const facts = inThirdCurrency();
    expect(violationsOf(facts)).toEqual([]);
    const bot = (changes) => ({ ...facts, bots: replaced(facts.bots, 0, changes) });
    const waits = [{ currency: 'BNB', amount: '0.01', value: null }];
    const gross = { pnl: '1.978', net: '1.978' };
    expect(violationsOf(bot({ ...gross, other_fees: waits }))).toEqual([]);
    const books = { ...closedBooks, otherFees: { BNB: '0.01' } };
    expect(violationsOf(bot({ ...gross, other_fees: [], books }))).toEqual([]);
  });

  test.each(['APPROVAL_EXPIRED', 'TRADING_HALTED', 'NOT_FOUND_AFTER_EXPIRY'])(
    'nothing is wrong with an order that never left: %s',
    (code) => {
      const facts = healthy();
      const order = {
        ...facts.orders[0],
        client_order_id: 'saaaaaaaaN000020000',
        status: 'expired',
        reason_code: code,
      };
      expect(violationsOf({ ...facts, orders: [...facts.orders, order] })).toEqual([]);
    },
  );

  test('nothing is said of more sales than purchases in a bot that sells first', () => {
    const facts = healthy();
    const venueTrades = facts.venueTrades.map((trade) => ({ ...trade, isBuyer: !trade.isBuyer }));
    expect(violationsOf({ ...facts, venueTrades }).join('\n')).not.toContain('more than there was');
  });

  const [charged] = inThirdCurrency().bots[0].other_fees;
  test.each([
    ['is in no pair', { other_fees: [] }, 'BNB: fees of 0 are booked, the venue charged 0.01'],
    ['is in two pairs', { other_fees: [charged, charged] }, 'BNB: fees of 0.02 are booked, the venue charged 0.01'],
    ['was valued and not taken off', { pnl: '1.978', net: '1.978' }, 'booked 1.978, its cash and what it holds'],
  ])('a fee in a third currency that %s is found', (_name, change, said) => {
    const facts = inThirdCurrency();
    const found = violationsOf({ ...facts, bots: replaced(facts.bots, 0, change) });
    expect(found.join('\n')).toContain(said);
  });

  test.each(Object.entries(planted))('%s is found', (_name, [plant, said]) => {
    const facts = healthy();
    const found = violationsOf({ ...facts, ...plant(facts) });
    expect(found.join('\n')).toContain(said);
  });
});
