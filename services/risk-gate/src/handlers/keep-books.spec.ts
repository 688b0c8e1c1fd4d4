import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  BotId,
  ClientOrderId,
  InstrumentId,
  type Order,
  type OrderRequest,
  Price,
  Quantity,
  VenueOrderId,
} from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aPosition } from '@scalpstorm/testkit';
import { accountId, balances, close, codeOf, gateScene, orderOf, WrittenBooks, wish } from '../../test/gate-scene.js';
import { KeepBooks } from './keep-books.js';

const quantity = Quantity.of('0.001');
const count = 70;

function scene() {
  const { gate, clock, instruments } = gateScene();
  const source = new WrittenBooks();
  const log = new RecordingLog();
  let now = 0;
  const keeping = new KeepBooks(gate, source, instruments, log, () => now);
  const pass = (seconds: number) => {
    now += seconds * 1_000;
    clock.advance(seconds * second);
    gate.noteBalances(accountId, balances('1000000', '100'), clock.now());
  };
  const filled = (request: OrderRequest, changes: Partial<Order> = {}): Order => {
    const times = { createdAt: clock.now(), updatedAt: clock.now() };
    return orderOf(request, { status: 'filled', version: 3, filledQuantity: request.quantity, ...times, ...changes });
  };
  /** As many orders as the gate does not remember, each a second after the other. */
  const bought = (changes: Partial<OrderRequest> = {}) =>
    Array.from({ length: count }, (_, index) => {
      pass(1);
      const order = filled(
        wish({ quantity, clientOrderId: ClientOrderId.of(`b${index}of${changes.botId}`), ...changes }),
      );
      gate.noteOrder(order);
      return order;
    });
  const books = (position: string) => {
    source.accounts = [{ accountId, orders: [], positions: [aPosition({ quantity: Quantity.of(position) })] }];
  };
  return { gate, clock, source, instruments, log, keeping, pass, filled, bought, books };
}

describe('orders that are told again to a gate that is up', () => {
  it('let nothing be closed that is not held', () => {
    const { gate, bought } = scene();
    const orders = bought();
    for (const order of orders) gate.noteOrder(order);
    expect(codeOf(gate.judge(close('0.14')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.071')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.07')))).toBe('APPROVED');
  });

  it('let everything be closed that is held', () => {
    const { gate, filled, bought } = scene();
    const manual = { botId: null };
    gate.noteOrder(filled(wish({ ...manual, quantity: Quantity.of('1') })));
    const exits = bought({ ...manual, side: 'sell', purpose: 'close', quantity: Quantity.of('0.01') });
    for (const order of exits) gate.noteOrder(order);
    expect(codeOf(gate.judge({ ...close('0.301'), ...manual }))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge({ ...close('0.3'), ...manual }))).toBe('APPROVED');
  });

  it('open nothing until the books were read, which happens soon and once', async () => {
    const { gate, source, keeping, pass, bought, books } = scene();
    books('0.07');
    await keeping.read();
    const [first] = bought();
    if (first) gate.noteOrder({ ...first, version: 4 });
    expect(codeOf(gate.judge(wish()))).toBe('GATE_RECOVERING');
    await keeping.round();
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
    pass(5);
    await keeping.round();
    expect(source.readings).toHaveLength(2);
  });
});

describe('a late fill of an order that was forgotten', () => {
  it('is taken from the books, and counts once', async () => {
    const { gate, clock, keeping, filled, bought, books } = scene();
    const part = filled(wish({ quantity: Quantity.of('0.01') }), {
      status: 'canceled',
      filledQuantity: Quantity.of('0.004'),
    });
    gate.noteOrder(part);
    bought();
    const late = { ...part, version: 4, filledQuantity: Quantity.of('0.005'), updatedAt: clock.now() };
    gate.noteOrder(late);
    books('0.075');
    await keeping.round();
    gate.noteOrder(late);
    expect(codeOf(gate.judge(close('0.0751')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.075')))).toBe('APPROVED');
  });

  it('keeps the account from opening while the books are away', async () => {
    const { gate, clock, source, keeping, pass, bought } = scene();
    const [first] = bought();
    if (first) gate.noteOrder({ ...first, version: 4, updatedAt: clock.now() });
    source.away = true;
    await keeping.round();
    pass(2);
    await keeping.round();
    expect(codeOf(gate.judge(wish()))).toBe('GATE_RECOVERING');
    source.away = false;
    pass(2);
    await keeping.round();
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
    expect(source.readings).toHaveLength(3);
  });
});

it('a dead letter that is replayed long after changes nothing and costs no reading', async () => {
  const { gate, source, keeping, pass, filled, books } = scene();
  const old = filled(wish({ quantity: Quantity.of('0.01') }));
  pass(7_200);
  books('0.01');
  await keeping.read();
  gate.noteOrder(old);
  pass(2);
  await keeping.round();
  expect(source.readings).toHaveLength(1);
  expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
});

describe('the books, read again now and then', () => {
  it('put right what the events have not told, and ask only for what changed', async () => {
    const { gate, clock, source, keeping, pass, books } = scene();
    await keeping.read();
    const readAt = clock.now();
    await keeping.round();
    pass(59);
    await keeping.round();
    expect(source.readings).toHaveLength(1);
    books('0.01');
    pass(1);
    await keeping.round();
    expect(source.readings[1]).toBe(Timestamp.plus(readAt, -60 * second));
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('leave what is promised and the number of recent orders as they were', async () => {
    const { gate, clock, source, keeping, pass } = scene();
    pass(2);
    gate.noteBalances(accountId, balances('1000', '0'), clock.now());
    const order = wish();
    expect(codeOf(gate.judge(order))).toBe('APPROVED');
    const accepted = orderOf(order, { status: 'accepted', version: 2, venueOrderId: VenueOrderId.of('v1') });
    source.accounts = [{ accountId, orders: [{ ...accepted, updatedAt: clock.now() }], positions: [] }];
    for (let reading = 0; reading < 3; reading += 1) await keeping.read();
    const others = ['bot_00000002', 'bot_00000003'].map((id) => wish({ botId: BotId.of(id) }));
    expect(others.map((other) => codeOf(gate.judge(other)))).toEqual(['APPROVED', 'BALANCE_INSUFFICIENT']);
  });

  it('change nothing at all when one of several accounts can not be understood', async () => {
    const { gate, source, instruments, keeping, books } = scene();
    books('0.01');
    await keeping.read();
    instruments.away = true;
    source.accounts = [
      { accountId, orders: [], positions: [] },
      { accountId: 'other' as typeof accountId, orders: [], positions: [aPosition({ quantity })] },
    ];
    await expect(keeping.read()).rejects.toThrow('market-data is away');
    instruments.away = false;
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });
});

describe('one account with what nobody lists', () => {
  const strange = InstrumentId.of('sim', 'ODD-USDT');
  const odd = AccountId.of('odd');
  const open = () => ({ accountId: odd, botId: BotId.of('bot_00000009') });
  const setOut = async () => {
    const all = scene();
    all.instruments.unlisted.add(strange);
    all.gate.noteBalances(odd, balances('1000000', '100'), all.clock.now());
    const adopted = { ...all.filled(wish({ accountId: odd, botId: null, instrumentId: strange })), status: 'accepted' };
    const positions = [aPosition({ accountId: odd, quantity: Quantity.of('0.01') })];
    all.source.accounts = [
      { accountId: odd, orders: [adopted as Order], positions },
      { accountId, orders: [], positions: [aPosition({ quantity: Quantity.of('0.02') })] },
    ];
    await all.keeping.read();
    return all;
  };

  it('stops nobody else, opens nothing there, and closes what is known', async () => {
    const { gate, log } = await setOut();
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
    expect(codeOf(gate.judge({ ...close('0.02'), price: Price.of('50100') }))).toBe('APPROVED');
    const opening = gate.judge(wish(open()));
    expect(opening).toMatchObject({ denial: { code: 'ACCOUNT_HOLDS_UNLISTED', value: strange } });
    expect(codeOf(gate.judge({ ...close('0.01'), accountId: odd }))).toBe('APPROVED');
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('does not have the books read over and over, and goes on as soon as it is listed', async () => {
    const { gate, source, instruments, keeping, pass, clock } = await setOut();
    instruments.away = false;
    for (let seconds = 0; seconds < 5; seconds += 1) {
      pass(1);
      await keeping.round();
    }
    expect(source.readings).toHaveLength(1);
    instruments.unlisted.delete(strange);
    await keeping.round();
    expect(source.readings).toHaveLength(2);
    gate.noteBalances(odd, balances('1000000', '100'), clock.now());
    expect(codeOf(gate.judge(wish(open())))).not.toBe('ACCOUNT_HOLDS_UNLISTED');
  });

  it('is in doubt from the first word of it on', () => {
    const { gate, clock, filled, instruments } = scene();
    instruments.unlisted.add(strange);
    gate.noteBalances(odd, balances('1000000', '100'), clock.now());
    expect(gate.noteOrder(filled(wish({ accountId: odd, botId: null, instrumentId: strange })))).toBe(false);
    expect(codeOf(gate.judge(wish(open())))).toBe('GATE_RECOVERING');
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
  });
});

it('a start needs no market-data for books that hold nothing', async () => {
  const { instruments, keeping, books } = scene();
  instruments.away = true;
  books('0');
  await expect(keeping.read()).resolves.toBeUndefined();
});

it('a venue that halts an instrument while the gate is up keeps it from being opened, and no longer than it is halted', async () => {
  const { gate, instruments, keeping, pass } = scene();
  await keeping.list();
  const { listed } = instruments;
  instruments.listed = { ...listed, status: 'halted' };
  pass(30);
  await keeping.round();
  expect(codeOf(gate.judge(wish()))).toBe('INSTRUMENT_HALTED');
  instruments.away = true;
  pass(30);
  await keeping.round();
  instruments.away = false;
  instruments.listed = listed;
  pass(30);
  await keeping.round();
  expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
});
