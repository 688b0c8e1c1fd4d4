import { describe, expect, test } from '@jest/globals';
import { invariantViolations } from './invariants.mjs';

const bot = 'bot_aaaaaaaa';
const entry = 'saaaaaaaaN000010000';
const exit = 'saaaaaaaaX000010000';
const refused = 'saaaaaaaaN000020000';

const step = (id, version, kind, { at = 1_000, quantity = null } = {}) => ({
  client_order_id: id,
  version,
  kind,
  recorded_at_us: String(at * 1_000),
  quantity,
});

/** A bot bought 2 and sold 2; a third request was denied. */
function healthy() {
  const order = { bot_id: bot, status: 'filled', quantity: '2', filled_quantity: '2' };
  const fill = {
    account_id: 'demo',
    instrument_id: 'sim:BTC-USDT',
    price: '10',
    quantity: '2',
    fee: '0.1',
    fee_currency: 'USDT',
  };
  const lifeOf = (id) => [
    step(id, 1, 'sending'),
    step(id, 2, 'accepted'),
    step(id, 3, 'filled', { quantity: '500000000000' }),
    step(id, 4, 'filled', { quantity: '1500000000000' }),
  ];
  const records = {
    orders: [
      { ...order, client_order_id: entry, purpose: 'open', version: 4 },
      { ...order, client_order_id: exit, purpose: 'close', version: 4 },
    ],
    steps: [...lifeOf(entry), ...lifeOf(exit)],
    fills: [
      { ...fill, trade_id: '1', client_order_id: entry },
      { ...fill, trade_id: '2', client_order_id: exit },
    ],
    bots: [{ id: bot, version: 9, observed: 'stopped', cycles: 1, fills: 2, pnl: '0.10', held: '0' }],
    cycles: [{ bot_id: bot, number: 1, quantity: '2', buy_price: '10', sell_price: '10.1', net: '0.10' }],
  };
  const denied = { client_order_id: refused, version: 0, status: 'denied', filled_quantity: '0' };
  const verdict = (id, approved, place) => ({ id, approved, at: 900, expiresAt: approved ? 3_900 : null, place });
  return {
    requests: [entry, exit, refused],
    verdicts: [
      verdict(entry, true, 'message 1'),
      verdict(entry, true, 'its table'),
      verdict(exit, true, 'its table'),
      verdict(refused, false, 'message 2'),
    ],
    records,
    shown: {
      ...structuredClone(records),
      orders: [...structuredClone(records.orders), denied],
      bots: [{ ...records.bots[0], pnl: '0.1' }],
    },
    halts: [{ from: 5_000, to: 8_000 }],
    venueOrders: [
      { clientOrderId: entry, time: 1_001 },
      { clientOrderId: exit, time: 1_001 },
    ],
  };
}

const within = (facts, part, change) => ({ ...facts, [part]: { ...facts[part], ...change } });
const replaced = (list, index, change) => list.with(index, { ...list[index], ...change });

/** Every way to be wrong that a check is there for, and what it says. */
const planted = {
  'a request that nobody judged': [
    (facts) => ({ ...facts, requests: [...facts.requests, 'other'] }),
    'other: was asked for and has no verdict',
  ],
  'two verdicts for one request': [
    (facts) => ({
      ...facts,
      verdicts: [...facts.verdicts, { id: entry, approved: false, at: 900, expiresAt: null, place: 'message 3' }],
    }),
    `${entry}: two verdicts: approved`,
  ],
  'an approval that was lost': [
    (facts) => ({
      ...facts,
      verdicts: [...facts.verdicts, { id: 'other', approved: true, at: 900, expiresAt: null, place: 'message 3' }],
    }),
    'and execution does not know it',
  ],
  'an approval that was told again with a longer life': [
    (facts) => ({ ...facts, verdicts: replaced(facts.verdicts, 1, { at: 2_000, expiresAt: 5_000 }) }),
    `${entry}: an approval with several ends`,
  ],
  'an order that the gate had denied': [
    (facts) => ({
      ...facts,
      verdicts: facts.verdicts.map((verdict) => ({ ...verdict, approved: verdict.id === entry })),
    }),
    `${exit}: denied at`,
  ],
  'an order that went round the gate': [
    (facts) => ({ ...facts, verdicts: facts.verdicts.filter(({ id }) => id !== exit) }),
    'without a verdict',
  ],
  'an order without an end': [
    (facts) => within(facts, 'records', { orders: replaced(facts.records.orders, 0, { status: 'unknown' }) }),
    'is still unknown',
  ],
  'a step that is missing': [
    (facts) => within(facts, 'records', { steps: facts.records.steps.toSpliced(1, 1) }),
    'its steps are not 1 to 4',
  ],
  'an order that rises from the dead': [
    (facts) =>
      within(facts, 'records', {
        steps: replaced(replaced(facts.records.steps, 0, { kind: 'canceled' }), 1, { kind: 'accepted' }),
      }),
    'goes on after its end',
  ],
  'a fill without its step': [
    (facts) => within(facts, 'records', { steps: replaced(facts.records.steps, 3, { quantity: '1' }) }),
    'its steps have other fills',
  ],
  'an order that is filled beyond its size': [
    (facts) => within(facts, 'records', { orders: replaced(facts.records.orders, 0, { quantity: '1.9' }) }),
    '2 are filled of 1.9',
  ],
  'an approval of an opening order while trading is halted': [
    (facts) => ({ ...facts, verdicts: replaced(replaced(facts.verdicts, 0, { at: 5_001 }), 1, { at: 5_002 }) }),
    `${entry}: approved at`,
  ],
  'an opening order that left while trading was halted': [
    (facts) => within(facts, 'records', { steps: replaced(facts.records.steps, 0, { recorded_at_us: '6001000' }) }),
    `${entry}: sent at`,
  ],
  'an order that users do not see': [
    (facts) => within(facts, 'shown', { orders: facts.shown.orders.slice(1) }),
    `the gateway does not show orders ${entry}`,
  ],
  'an order that users see in another state': [
    (facts) => within(facts, 'shown', { orders: replaced(facts.shown.orders, 0, { status: 'accepted' }) }),
    `orders ${entry} with status accepted, on record is filled`,
  ],
  'a denial that users see and nobody spoke': [
    (facts) => within(facts, 'shown', { orders: replaced(facts.shown.orders, 2, { client_order_id: 'other' }) }),
    'the gateway shows orders other, of which there is no record',
  ],
  'a fill that users see twice': [
    (facts) => within(facts, 'shown', { fills: [...facts.shown.fills, { ...facts.shown.fills[0], trade_id: '9' }] }),
    'of which there is no record',
  ],
  'a step that users do not see': [
    (facts) => within(facts, 'shown', { steps: facts.shown.steps.slice(1) }),
    `does not show steps ${entry} 1`,
  ],
  'a profit that users see wrong in the last decimal': [
    (facts) => within(facts, 'shown', { bots: replaced(facts.shown.bots, 0, { pnl: '0.100000000000000001' }) }),
    `bots ${bot} with pnl 0.100000000000000001`,
  ],
  'a cycle that users do not see': [(facts) => within(facts, 'shown', { cycles: [] }), `does not show cycles ${bot} 1`],
};

describe('what must be true of every intent, step, halt and view', () => {
  test('nothing is wrong with a bot that bought and sold and was denied once', () => {
    expect(invariantViolations(healthy())).toEqual([]);
  });

  test('nothing is said of a close while trading is halted, nor of what was on its way when it was', () => {
    const facts = healthy();
    const exitSent = facts.records.steps.findIndex(({ client_order_id: id }) => id === exit);
    const steps = replaced(replaced(facts.records.steps, exitSent, { recorded_at_us: '7000000' }), 0, {
      recorded_at_us: '5400000',
    });
    const verdicts = replaced(facts.verdicts, 2, { at: 6_900 });
    expect(invariantViolations(within({ ...facts, verdicts }, 'records', { steps }))).toEqual([]);
  });

  test('nothing is said of a verdict that is told again while trading is halted', () => {
    const facts = healthy();
    expect(invariantViolations({ ...facts, verdicts: replaced(facts.verdicts, 1, { at: 6_000 }) })).toEqual([]);
  });

  test('nothing is said of a fill that came after the end of its order', () => {
    const facts = healthy();
    const orders = replaced(facts.records.orders, 0, { status: 'canceled' });
    const steps = replaced(facts.records.steps, 1, { kind: 'canceled' });
    const shown = {
      ...facts.shown,
      orders: replaced(facts.shown.orders, 0, { status: 'canceled' }),
      steps: structuredClone(steps),
    };
    expect(invariantViolations({ ...facts, records: { ...facts.records, orders, steps }, shown })).toEqual([]);
  });

  test.each(Object.entries(planted))('%s is found', (_name, [plant, said]) => {
    expect(invariantViolations(plant(healthy())).join('\n')).toContain(said);
  });
});
