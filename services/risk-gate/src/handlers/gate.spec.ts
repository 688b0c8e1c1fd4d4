import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, ClientOrderId, Quantity } from '@scalpstorm/model';
import { aPosition } from '@scalpstorm/testkit';
import { accountId, close, codeOf, gateScene, orderOf, wish } from '../../test/gate-scene.js';
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

  it('denies everything but the flatten while trading is halted', () => {
    const { gate, states } = gateScene();
    gate.noteOrder(orderOf(wish(), { status: 'filled', version: 3, filledQuantity: Quantity.of('0.01') }));
    states.state = { state: 'halted', text: 'stop', since: Timestamp.fromMicros(1) };
    const botId = BotId.of('bot_00000001');
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'flatten', attempt: 0 });
    expect(codeOf(gate.judge(wish()))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge(close('0.01')))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge({ ...close('0.01'), clientOrderId }))).toBe('APPROVED');
  });
});
