import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  InstrumentId,
  type OrderRequest,
  Quantity,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';
import { aPosition } from '@scalpstorm/testkit';
import { accountId, balances, close, codeOf, gateScene, orderOf, wish } from '../../test/gate-scene.js';
import { MarketViews } from '../domain/market-views.js';

describe('the gate', () => {
  it('gives an approval its expiry', () => {
    const { gate, clock } = gateScene();
    expect(gate.judge(wish())).toEqual({ kind: 'approved', expiresAt: clock.now() + 2 * second });
  });

  it('opens nothing while it recovers and closes what its bot holds', () => {
    const gate = gateScene().newGate(new MarketViews());
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [aPosition({ quantity: Quantity.of('0.01') })] }]);
    expect(gate.isRecovering).toBe(true);
    expect(codeOf(gate.judge(wish()))).toBe('GATE_RECOVERING');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
    expect(codeOf(gate.judge(close('0.01')))).toBe('EXCEEDS_POSITION');
  });

  it('keeps an approval of its own when the books are read again', () => {
    const { gate } = gateScene();
    gate.judge(wish());
    gate.judge(wish());
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [] }]);
    expect(codeOf(gate.judge(wish()))).toBe('TOO_MANY_OPEN_ORDERS');
  });

  it('does not lose what it heard while the books were being read', () => {
    const { gate, clock } = gateScene();
    const order = wish({ quantity: Quantity.of('0.01') });
    gate.judge(order);
    gate.expectBooks();
    const filledQuantity = order.quantity;
    gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity, updatedAt: clock.now() }));
    const asRead = orderOf(order, { status: 'accepted', version: 2, updatedAt: clock.now() });
    gate.restore([{ accountId, orders: [asRead], positions: [] }]);
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('does not book a fill again that its books contain, when the event comes late', () => {
    const { gate, clock } = gateScene();
    const order = wish({ quantity: Quantity.of('0.01') });
    const updatedAt = clock.now();
    clock.advance(7_200 * second);
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [aPosition({ quantity: Quantity.of('0.01') })] }]);
    const filledQuantity = order.quantity;
    expect(gate.noteOrder(orderOf(order, { status: 'accepted', version: 2, updatedAt }))).toBe(true);
    expect(gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity, updatedAt }))).toBe(true);
    expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('takes a new order into account that the books do not show yet', () => {
    const { gate, clock } = gateScene();
    const order = wish({ quantity: Quantity.of('0.01') });
    const filled = { status: 'filled', version: 3, filledQuantity: order.quantity, updatedAt: clock.now() } as const;
    gate.noteOrder(orderOf(order, filled));
    gate.noteOrder(orderOf(order, filled));
    expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('keeps the bots of an account apart', () => {
    const { gate } = gateScene();
    const other = { botId: BotId.of('bot_00000002') };
    gate.judge(wish());
    gate.judge(wish());
    expect(codeOf(gate.judge(wish(other)))).toBe('APPROVED');
  });

  it('while the state only reduces lets an order bring the position toward zero, and none flip it', () => {
    const { gate, states } = gateScene();
    gate.noteOrder(orderOf(wish(), { status: 'filled', version: 3, filledQuantity: Quantity.of('0.01') }));
    states.state = { ...states.state, state: 'reducing', since: Timestamp.fromMicros(1) };
    const sell = (quantity: string) => wish({ side: 'sell', quantity: Quantity.of(quantity) });
    expect(codeOf(gate.judge(sell('0.02')))).toBe('TRADING_REDUCING');
    expect(codeOf(gate.judge(wish()))).toBe('TRADING_REDUCING');
    expect(codeOf(gate.judge(close('0.004')))).toBe('APPROVED');
    expect(codeOf(gate.judge(sell('0.007')))).toBe('TRADING_REDUCING');
  });

  it('opens nothing while trading is halted, and closes what is held', () => {
    const { gate, states } = gateScene();
    gate.noteOrder(orderOf(wish(), { status: 'filled', version: 3, filledQuantity: Quantity.of('0.01') }));
    states.state = { ...states.state, state: 'halted', text: 'stop', since: Timestamp.fromMicros(1) };
    const botId = BotId.of('bot_00000001');
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'flatten', attempt: 0 });
    expect(codeOf(gate.judge(wish()))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge(wish({ side: 'sell' })))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.004')))).toBe('APPROVED');
    expect(codeOf(gate.judge({ ...close('0.006'), clientOrderId }))).toBe('APPROVED');
    expect(codeOf(gate.judge(close('0.001')))).toBe('EXCEEDS_POSITION');
  });
});

describe('the balance of an account', () => {
  /** Each wish costs 500 USDT. */
  function scene(usdt: string, changes: Parameters<typeof gateScene>[0] = {}) {
    const { gate, clock } = gateScene(changes);
    clock.advance(second);
    gate.noteBalances(accountId, balances(usdt, '0'), clock.now());
    let bots = 0;
    const ask = (changes: Partial<OrderRequest> = {}) => {
      bots += 1;
      const order = wish({ botId: BotId.of(`bot_${String(bots).padStart(8, '0')}`), ...changes });
      return { order, code: codeOf(gate.judge(order)) };
    };
    /** A balance that execution gives now, and the venue so long after. */
    const hear = (now: string, after = 0) =>
      gate.noteBalances(accountId, balances(now, '0'), Timestamp.plus(clock.now(), after));
    return { gate, clock, ask, hear };
  }
  const accepted = (order: OrderRequest, clock: { now(): Timestamp }) =>
    orderOf(order, { status: 'accepted', version: 2, venueOrderId: VenueOrderId.of('v1'), updatedAt: clock.now() });

  it('is spent once, although the venue’s word lags behind what was approved', () => {
    const { clock, ask, hear } = scene('1000');
    expect([ask(), ask(), ask()].map(({ code }) => code)).toEqual(['APPROVED', 'APPROVED', 'BALANCE_INSUFFICIENT']);
    // Still the balance from before: none of them has reached the venue.
    clock.advance(second);
    hear('1000');
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
  });

  it('counts an order until a balance is heard that must show it', () => {
    const { gate, clock, ask, hear } = scene('1000');
    const { order } = ask();
    gate.noteOrder(accepted(order, clock));
    // The venue spoke of balances before it took the order; only what it says from then on shows it.
    clock.advance(30 * second);
    hear('1000', -30 * second - 1);
    expect(ask().code).toBe('APPROVED');
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
    hear('1000', -30 * second);
    expect(ask().code).toBe('APPROVED');
  });

  it('is as old as the venue’s own last word, however often it is told', () => {
    const { clock, ask, hear } = scene('5000', { RISK_BALANCE_AGE_MS_MAX: 60_000 });
    for (let seconds = 0; seconds < 60; seconds += 1) {
      clock.advance(second);
      hear('5000', -(seconds + 1) * second);
    }
    expect(ask().code).toBe('APPROVED');
    clock.advance(1);
    hear('5000', -60 * second - 1);
    expect(ask().code).toBe('BALANCE_STALE');
  });

  it('counts what filled at once as spent until the balance shows it', () => {
    const { gate, clock, ask, hear } = scene('500');
    const { order } = ask();
    const filled = { status: 'filled', version: 3, filledQuantity: order.quantity, updatedAt: clock.now() } as const;
    gate.noteOrder(orderOf(order, filled));
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
    clock.advance(2 * second);
    hear('0');
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
  });

  it('gives back at once what an order did not take', () => {
    const { gate, ask } = scene('500');
    const { order } = ask();
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
    gate.noteOrder(orderOf(order, { status: 'rejected', version: 2 }));
    const again = ask();
    expect(again.code).toBe('APPROVED');
    gate.release(again.order);
    expect(ask().code).toBe('APPROVED');
  });

  it('is counted anew when the books are read again, what is under way included', () => {
    const { gate, clock, ask, hear } = scene('1500');
    const [atVenue, reserved] = [ask().order, ask().order];
    gate.expectBooks();
    gate.restore([{ accountId, orders: [accepted(atVenue, clock)], positions: [] }]);
    expect(ask().code).toBe('APPROVED');
    expect(ask().code).toBe('BALANCE_INSUFFICIENT');
    gate.release(reserved);
    expect(ask().code).toBe('APPROVED');
    clock.advance(2 * second);
    hear('1500');
    expect(ask().code).toBe('APPROVED');
  });

  it('that nobody has told for too long opens nothing, and closes', () => {
    const { gate, clock, ask } = scene('5000');
    const { order } = ask();
    gate.noteOrder(
      orderOf(order, { status: 'filled', version: 3, filledQuantity: order.quantity, updatedAt: clock.now() }),
    );
    clock.advance(600 * second + 1);
    expect(['BALANCE_STALE', 'MARKET_DATA_STALE']).toContain(ask().code);
    const closing = wish({ side: 'sell', purpose: 'close', botId: order.botId, quantity: order.quantity });
    expect(codeOf(gate.judge(closing))).toBe('APPROVED');
  });

  it('of which nothing was ever heard opens nothing', () => {
    const { ask } = scene('5000');
    expect(ask({ accountId: AccountId.of('other') }).code).toBe('BALANCE_UNKNOWN');
  });
});

describe('two accounts', () => {
  const [play, real] = [AccountId.of('play'), AccountId.of('real')];
  const liveCode = (mode: 'demo' | 'live' | null): string => {
    const { gate, clock } = gateScene({ RISK_USER_EXPOSURE_MAX: '1400', RISK_VENUE_EXPOSURE_MAX: '1450' });
    const quantity = Quantity.of('0.02');
    gate.noteBalances(real, balances('5000', '0'), clock.now());
    if (mode === null) {
      gate.expectBooks();
      gate.restore([{ accountId: play, orders: [], positions: [aPosition({ accountId: play, quantity })] }]);
    } else {
      const order = wish({ accountId: play, mode, quantity });
      gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity: quantity }));
    }
    return codeOf(gate.judge(wish({ accountId: real, mode: 'live' })));
  };

  it.each([
    ['share no limit when one is demo and one live', 'demo', 'APPROVED'],
    ['share their limits when both are live', 'live', 'USER_EXPOSURE_ABOVE_MAXIMUM'],
    ['share their limits while the mode of one is not known', null, 'VENUE_EXPOSURE_ABOVE_MAXIMUM'],
  ] as const)('%s', (_name, mode, code) => {
    expect(liveCode(mode)).toBe(code);
  });

  it('share their limits whatever an order says of its account against the word of execution', () => {
    const { gate, clock } = gateScene({ RISK_USER_EXPOSURE_MAX: '1400' });
    gate.noteBalances(real, balances('5000', '0'), clock.now());
    for (const account of [play, real]) gate.noteMode(account, 'live');
    const quantity = Quantity.of('0.02');
    const order = wish({ accountId: play, mode: 'demo', quantity });
    gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity: quantity }));
    for (const mode of ['live', 'demo'] as const)
      expect(codeOf(gate.judge(wish({ accountId: real, mode })))).toBe('USER_EXPOSURE_ABOVE_MAXIMUM');
  });

  it('share their limits though an order once named another mode, which teaches the gate nothing', () => {
    const { gate, clock } = gateScene({ RISK_USER_EXPOSURE_MAX: '1400' });
    gate.noteBalances(real, balances('5000', '0'), clock.now());
    gate.noteMode(play, 'live');
    const quantity = Quantity.of('0.02');
    const order = wish({ accountId: play, mode: 'live', quantity });
    gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity: quantity }));
    gate.judge(wish({ accountId: real, mode: 'demo' }));
    expect(codeOf(gate.judge(wish({ accountId: real, mode: 'live' })))).toBe('USER_EXPOSURE_ABOVE_MAXIMUM');
  });

  it('share no limit from the moment on when the mode of one is told', () => {
    const { gate, clock } = gateScene({ RISK_VENUE_EXPOSURE_MAX: '1450' });
    gate.noteBalances(real, balances('5000', '0'), clock.now());
    gate.expectBooks();
    const positions = [aPosition({ accountId: play, quantity: Quantity.of('0.02') })];
    gate.restore([{ accountId: play, orders: [], positions }]);
    expect(codeOf(gate.judge(wish({ accountId: real, mode: 'live' })))).toBe('VENUE_EXPOSURE_ABOVE_MAXIMUM');
    gate.noteMode(play, 'demo');
    expect(codeOf(gate.judge(wish({ accountId: real, mode: 'live' })))).toBe('APPROVED');
  });

  it('keep only whoever holds what has no price from opening, and he is told where', () => {
    const { gate, clock } = gateScene();
    const [first, other] = [AccountId.of('first'), AccountId.of('other')];
    for (const account of [first, other]) gate.noteBalances(account, balances('5000', '0'), clock.now());
    const unpriced = wish({ accountId: first, instrumentId: InstrumentId.of('sim', 'ODD-USDT') });
    gate.noteOrder(orderOf(unpriced, { status: 'filled', version: 3, filledQuantity: unpriced.quantity }));
    const stranger = { userId: UserId.of('usr_other'), botId: BotId.of('bot_00000002') };
    expect(gate.judge(wish({ accountId: other, ...stranger }))).toMatchObject({ kind: 'approved' });
    const text = expect.stringContaining('sim:ODD-USDT, which counts on the account first');
    for (const accountId of [first, other])
      expect(gate.judge(wish({ accountId }))).toMatchObject({ denial: { code: 'REFERENCE_PRICE_MISSING', text } });
    expect(gate.unpriced).toEqual([{ accountId: first, instrumentId: unpriced.instrumentId }]);
  });

  it('share the limit of their user and of their venue', () => {
    const { gate, clock } = gateScene({ RISK_USER_EXPOSURE_MAX: '1000', RISK_VENUE_EXPOSURE_MAX: '1500' });
    const [first, second_] = [AccountId.of('first'), AccountId.of('second')];
    for (const account of [first, second_]) gate.noteBalances(account, balances('5000', '0'), clock.now());
    const stranger = { userId: UserId.of('usr_other'), botId: BotId.of('bot_00000002') };
    expect(codeOf(gate.judge(wish({ accountId: first })))).toBe('APPROVED');
    expect(codeOf(gate.judge(wish({ accountId: second_ })))).toBe('APPROVED');
    expect(codeOf(gate.judge(wish({ accountId: second_ })))).toBe('USER_EXPOSURE_ABOVE_MAXIMUM');
    expect(codeOf(gate.judge(wish({ accountId: second_, ...stranger })))).toBe('APPROVED');
    expect(codeOf(gate.judge(wish({ accountId: first, ...stranger })))).toBe('VENUE_EXPOSURE_ABOVE_MAXIMUM');
  });
});
