import { describe, expect, it } from '@jest/globals';
import { Money, type Order, PlanId, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import { PlayedPlan } from './played-plan.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target };
const oco: PlanTerms = { kind: 'oco', side: 'sell', quantity: q('1'), purpose: 'close', stop, target };

const idOf = ({ request }: Order) => request.clientOrderId;
const left = (orders: readonly Order[]) =>
  Quantity.format(
    Quantity.fromUnits(
      orders.reduce((sum, { request, filledQuantity }) => sum + request.quantity - filledQuantity, 0n),
    ),
  );
const only = (orders: readonly Order[]) => {
  expect(orders).toHaveLength(1);
  const [order] = orders;
  if (order === undefined) throw new Error('none');
  return idOf(order);
};
const entered = () => {
  const play = new PlayedPlan(bracket).look().take();
  return { play, entryId: only(play.of('entry')) };
};

describe('a bracket', () => {
  it('asks for its entry alone, and for a stop of exactly what is filled with the first fill', () => {
    const play = new PlayedPlan(bracket).look();
    expect(play.requests).toMatchObject([{ side: 'buy', purpose: 'open', type: 'limit', quantity: q('1') }]);
    play.take();
    expect([play.plan.status, play.requests.length]).toEqual(['working', 1]);
    play.fill(only(play.of('entry')), q('0.4'));
    expect(play.plan.status).toBe('protecting');
    expect(play.requests[1]).toMatchObject({
      side: 'sell',
      purpose: 'close',
      type: 'market',
      quantity: q('0.4'),
      trigger: stop.trigger,
    });
  });

  it('grows with each further fill, and what was protected before stays so', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('0.4')).take();
    play.fill(entryId, q('0.3')).take();
    play.fill(entryId, q('0.2')).take();
    expect([left(play.of('stop')), play.of('stop').length]).toEqual(['0.9', 3]);
    // A fourth part is too many: the newest one gives way to a larger one.
    play.fill(entryId, q('0.1')).pass(1);
    const pending = play.of('stop').filter(({ status }) => status === 'pending-cancel');
    expect([left(pending), play.plan.reason?.code]).toEqual(['0.2', 'STOP_REPLACED']);
    play.end(only(pending), 'canceled').take();
    expect([left(play.of('stop')), play.of('stop').length]).toEqual(['1', 3]);
  });

  it('protects what is held after a fee in base, in whole steps', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('1'), Money.of('0.0010001', 'BTC'));
    expect(play.requests[1]?.quantity).toBe(q('0.99899'));
  });

  it('adds to a working stop what is too small for one of its own', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('0.5')).take();
    play.fill(entryId, q('0.01'));
    expect(play.asked.size).toBe(0);
    play.pass(1);
    const stopId = only(play.of('stop'));
    expect(play.orders.get(stopId)?.status).toBe('pending-cancel');
    play.end(stopId, 'canceled').take();
    expect(left(play.of('stop'))).toBe('0.51');
  });

  it('ends with an entry that ends unfilled, and says why', () => {
    expect(new PlayedPlan(bracket).look().deny('TRADING_HALTED').plan).toMatchObject({
      status: 'failed',
      reason: { code: 'TRADING_HALTED' },
    });
    const { play, entryId } = entered();
    expect(play.end(entryId, 'canceled').plan).toMatchObject({ status: 'canceled', reason: { code: 'CANCELED' } });
    expect(play.requests).toHaveLength(1);
  });

  it('is not disturbed by a halt that cancels the rest of its entry: what is held keeps its stop', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('0.4')).take();
    play.end(entryId, 'canceled');
    expect([play.plan.status, left(play.of('stop'))]).toEqual(['protecting', '0.4']);
    play.fill(only(play.of('stop')), q('0.4'));
    expect(play.plan).toMatchObject({ status: 'done', reason: null });
  });

  it('takes its profit only when the stop has ended, less what that filled, and cancels the rest of its entry', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('0.8')).take().market('120');
    expect(play.working.map(({ status }) => status)).toEqual(['pending-cancel', 'pending-cancel']);
    expect(play.asked.size).toBe(0);
    const stopId = only(play.of('stop'));
    play.fill(stopId, q('0.3')).end(stopId, 'canceled');
    expect(play.requests.at(-1)).toMatchObject({
      type: 'limit',
      timeInForce: 'IOC',
      price: target.price,
      quantity: q('0.5'),
    });
    play.take().end(entryId, 'canceled');
    play.fill(only(play.of('target')), q('0.5'));
    expect(play.plan).toMatchObject({ status: 'done', reason: null });
  });

  it('places its stop anew at once when the target took less than all, and does not thrash', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('1')).take().market('120');
    play.end(only(play.of('stop')), 'canceled').take();
    const targetId = only(play.of('target'));
    play.fill(targetId, q('0.4')).end(targetId, 'expired');
    expect(play.requests.at(-1)).toMatchObject({ quantity: q('0.6'), trigger: stop.trigger });
    play.take().pass(1);
    expect([left(play.of('stop')), play.plan.reason?.code]).toEqual(['0.6', 'TARGET_NOT_FILLED']);
    play.pass(1.5);
    expect(play.of('stop').map(({ status }) => status)).toEqual(['pending-cancel']);
  });

  it('leaves at the market when the price of the stop was passed before it was placed', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('1')).reject('WOULD_TRIGGER');
    expect(play.requests.at(-1)).toMatchObject({ side: 'sell', type: 'market', purpose: 'close', quantity: q('1') });
    expect(play.requests.at(-1)?.trigger).toBeUndefined();
    play.take().fill(only(play.of('exit')), q('1'));
    expect(play.plan.status).toBe('done');
  });

  it('places a stop that came to nothing anew, each time later, and gives up only what is not there', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('1')).deny('GATE_RECOVERING');
    expect([play.asked.size, play.plan.reason?.code]).toEqual([0, 'STOP_NOT_PLACED']);
    play.pass(0.3).take();
    expect([play.plan.reason, play.plan.failures]).toEqual([null, 0]);
    play.end(only(play.of('stop')), 'canceled');
    for (let turn = 0; turn < 7; turn += 1) play.pass(30).deny('EXCEEDS_POSITION');
    expect(play.plan).toMatchObject({ status: 'failed', reason: { code: 'EXCEEDS_POSITION' } });
  });

  it('is canceled whole, also its stop, and says that nothing protects what is held', () => {
    const { play, entryId } = entered();
    play.fill(entryId, q('0.4')).take();
    play.plan = { ...play.plan, canceling: true };
    play.look();
    for (const order of play.working) play.end(idOf(order), 'canceled');
    expect(play.plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_CANCELED' } });
    expect(play.plan.reason?.text).toMatch(/without a stop/);
  });
});

describe('an OCO', () => {
  it('rests its stop and nothing else, and its target is sent when the stop is gone', () => {
    const play = new PlayedPlan(oco).look().take();
    expect([play.plan.status, left(play.working), play.of('stop').length]).toEqual(['protecting', '1', 1]);
    play.market('119.99');
    expect(play.working.map(({ status }) => status)).toEqual(['accepted']);
    play
      .market('120')
      .end(only(play.of('stop')), 'canceled')
      .take();
    play.fill(only(play.of('target')), q('1'));
    expect(play.plan.status).toBe('done');
    expect(play.requests.map(({ clientOrderId }) => PlanId.slotOf(clientOrderId)?.leg)).toEqual(['stop', 'target']);
  });

  it('reports what both ways out filled in the same moment, and closes', () => {
    const play = new PlayedPlan(oco).look().take();
    const stopId = only(play.of('stop'));
    play.market('120').end(stopId, 'canceled').take();
    const targetId = only(play.of('target'));
    play.fill(targetId, q('0.7')).fill(stopId, q('0.5'));
    play.end(targetId, 'canceled');
    expect(play.plan).toMatchObject({ status: 'failed', reason: { code: 'PLAN_OVERFILLED' } });
    expect(play.plan.reason?.text).toMatch(/0\.2 more/);
  });

  it('takes a stop back of which nobody has heard, and an approval that comes later sends nothing', () => {
    const play = new PlayedPlan(oco).look();
    const id = play.newest();
    play.market('120');
    expect(play.plan.children[0]).toMatchObject({ clientOrderId: id, state: 'ended', end: 'canceled' });
    expect(play.requests).toHaveLength(2);
    play.take(id);
    expect(play.working).toEqual([]);
  });

  it('asks again under the same id while nobody answers', () => {
    const play = new PlayedPlan(oco).look().pass(2).pass(1).pass(4);
    const [first] = play.requests;
    expect(play.asks).toEqual([1, 2, 3].map((ask) => `${first?.clientOrderId}:${ask}`));
  });
});
