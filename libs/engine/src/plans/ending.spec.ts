import { describe, expect, it } from '@jest/globals';
import { type Order, PlanId, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import { decidePlan } from './decide-plan.js';
import { withOrderBehind } from './ending.js';
import { PlayedPlan } from './played-plan.js';
import { reopened } from './reopened.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target };
const oco: PlanTerms = { kind: 'oco', side: 'sell', quantity: q('1'), purpose: 'close', stop, target };
const twap = (purpose: 'open' | 'close'): PlanTerms => ({
  ...{ kind: 'twap', side: purpose === 'open' ? 'buy' : 'sell', purpose, quantity: q('1') },
  ...{ slices: 4, intervalSeconds: 10, price: Price.of('100') },
});
const iceberg: PlanTerms = {
  ...{ kind: 'iceberg', side: 'buy', purpose: 'open', quantity: q('1') },
  ...{ price: Price.of('100'), show: q('0.4') },
};
const flatten: PlanTerms = { kind: 'flatten', side: 'sell', purpose: 'close', quantity: q('1') };

const idOf = ({ request }: Order) => request.clientOrderId;
const legs = (play: PlayedPlan) => play.requests.map(({ clientOrderId }) => PlanId.slotOf(clientOrderId)?.leg);
const endAll = (play: PlayedPlan) => {
  for (const order of play.working) if (order.status === 'pending-cancel') play.end(idOf(order), 'canceled');
  return play;
};
/** A bracket that holds so much, under a stop that works. */
function holding(quantity: string): PlayedPlan {
  const play = new PlayedPlan(bracket).look().take();
  const [entered] = play.of('entry');
  if (entered === undefined) throw new Error('no entry');
  return play.fill(idOf(entered), q(quantity)).take();
}

describe('a halt that cancels', () => {
  it.each([
    ['a TWAP', twap('open')],
    ['an iceberg', iceberg],
    ['an OCO that opens', { ...oco, side: 'buy', purpose: 'open', stop, target } as PlanTerms],
  ])('ends %s that opens, and after the release nothing more is asked for', (_, terms) => {
    const play = new PlayedPlan(terms).look().take().halted('cancel');
    expect(play.working.map(({ status, cancelReason }) => [status, cancelReason])).toEqual([
      ['pending-cancel', 'halt'],
    ]);
    endAll(play).halted(null).pass(10).pass(10);
    expect(play.plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_HALTED' } });
    expect(play.requests).toHaveLength(1);
  });

  it('takes back what nobody has judged yet, so that no approval opens anything after a release', () => {
    const play = new PlayedPlan(twap('open')).look();
    const id = play.newest();
    play.halted('cancel').halted(null);
    expect(play.plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_HALTED' } });
    expect(play.take(id).working).toEqual([]);
  });

  it('keeps what closes', () => {
    for (const terms of [oco, twap('close')]) {
      const play = new PlayedPlan(terms).look().take().halted('cancel');
      expect(play.working.map(({ status }) => status)).toEqual(['accepted']);
    }
  });

  it('ends a bracket that holds nothing, and of one that holds something only the entry', () => {
    const begun = endAll(new PlayedPlan(bracket).look().take().halted('cancel'));
    expect(begun.plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_HALTED' } });
    const play = endAll(holding('0.4').halted('cancel')).halted(null).pass(10);
    expect([play.plan.status, play.working.map((order) => PlanId.slotOf(idOf(order))?.leg)]).toEqual([
      'protecting',
      ['stop'],
    ]);
    const unasked = new PlayedPlan(bracket).halted('cancel');
    expect([unasked.plan.status, unasked.requests]).toEqual(['canceled', []]);
  });
});

describe('a halt that flattens', () => {
  it.each([
    ['an OCO', () => new PlayedPlan(oco).look().take()],
    ['a bracket', () => holding('1')],
  ])('leaves %s its stop while its account may send nothing that closes', (_, begun) => {
    const play = begun();
    play.mayClose = false;
    play.halted('flatten').pass(10);
    expect(play.of('stop').map(({ status }) => status)).toEqual(['accepted']);
    play.mayClose = true;
    expect(
      play
        .pass(1)
        .of('stop')
        .map(({ cancelReason }) => cancelReason),
    ).toEqual(['flatten']);
  });

  it('tries the close of a bracket again after two seconds to a minute where nothing is taken, and protects meanwhile', () => {
    const play = holding('1').halted('flatten');
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      endAll(play).take().end(play.newestOf('exit'), 'expired').take();
      let seconds = 0;
      for (; play.of('stop')[0]?.status === 'accepted'; seconds += 1) play.pass(1);
      waits.push(seconds);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('ends whatever only carries out a wish, also what closes', () => {
    for (const terms of [oco, twap('close'), twap('open'), iceberg]) {
      const play = new PlayedPlan(terms).look().take().halted('flatten');
      expect(play.working.map(({ cancelReason }) => cancelReason)).toEqual(['flatten']);
      expect(endAll(play).plan).toMatchObject({ status: 'canceled', reason: { code: 'PLAN_HALTED' } });
    }
  });

  it('closes what a bracket holds when its stop has ended, less what that filled, and never before', () => {
    const play = holding('0.8').halted('flatten');
    expect([legs(play), play.working.map(({ cancelReason }) => cancelReason)]).toEqual([
      ['entry', 'stop'],
      ['flatten', 'flatten'],
    ]);
    const [resting] = play.of('stop');
    if (resting === undefined) throw new Error('no stop');
    play.fill(idOf(resting), q('0.3')).end(idOf(resting), 'canceled');
    expect(play.requests.at(-1)).toMatchObject({ side: 'sell', type: 'market', purpose: 'close', quantity: q('0.5') });
    endAll(play.take());
    const [exit] = play.of('exit');
    play.fill(exit === undefined ? play.newest() : idOf(exit), q('0.5'));
    expect([play.plan.status, play.plan.reason, legs(play)]).toEqual(['done', null, ['entry', 'stop', 'exit']]);
  });

  it('gives it its stop back while the close comes to nothing, and then closes all the same', () => {
    const play = endAll(holding('1').halted('flatten'));
    play.reject('INSUFFICIENT_BALANCE');
    expect([play.requests.at(-1)?.trigger, play.plan.reason?.code]).toEqual([stop.trigger, 'CLOSE_NOT_TAKEN']);
    play.take().pass(1);
    expect(play.working.map(({ status }) => status)).toEqual(['accepted']);
    endAll(play.pass(1)).take();
    const [exit] = play.of('exit');
    expect(exit?.request.quantity).toBe(q('1'));
  });

  it('is not undone by a release, nor by a milder one', () => {
    const play = holding('1').halted('flatten').halted('cancel').halted(null);
    expect(play.plan.halted).toBe('flatten');
    expect(endAll(play).requests.at(-1)).toMatchObject({ type: 'market', quantity: q('1') });
  });
});

describe('what closes for a halt', () => {
  const begun = () => {
    const play = new PlayedPlan(flatten);
    play.halt = 'flatten';
    return play.look();
  };

  it('goes on under the next id with what an order has left, and is done with the last', () => {
    const play = begun().take();
    const id = play.newestOf('exit');
    play.fill(id, q('0.7')).end(id, 'expired').take();
    play.fill(play.newestOf('exit'), q('0.3'));
    expect(play.requests.map(({ quantity, purpose }) => [Quantity.format(quantity), purpose])).toEqual([
      ['1', 'close'],
      ['0.3', 'close'],
    ]);
    expect(new Set(play.requests.map(({ clientOrderId }) => clientOrderId)).size).toBe(2);
    expect(play.plan).toMatchObject({ status: 'done', reason: null });
  });

  it('tells what is too little for the venue', () => {
    const play = begun().take();
    const id = play.newestOf('exit');
    play.fill(id, q('0.999999')).end(id, 'expired');
    expect(play.plan).toMatchObject({ status: 'done', reason: { code: 'DUST_LEFT' } });
  });

  it('waits longer with each order that comes to nothing, says why, and ends where less is held than when it began', () => {
    const play = begun().reject('VENUE_BUSY');
    expect(play.plan.reason).toMatchObject({ code: 'CLOSE_NOT_TAKEN', text: expect.stringMatching(/VENUE_BUSY/) });
    expect(play.asked.size).toBe(0);
    play.pass(0.3).deny('EXCEEDS_POSITION');
    expect(play.plan).toMatchObject({ status: 'canceled', reason: { code: 'EXCEEDS_POSITION' } });
  });

  it('ends with the release', () => {
    const play = endAll(begun().take().halted(null));
    expect(play.plan).toMatchObject({ status: 'canceled', reason: { text: expect.stringMatching(/released/) } });
  });
});

describe('a plan that can not be carried on', () => {
  it('cancels its entry and keeps the stop that works, when another order has closed what it protects', () => {
    const play = holding('0.4');
    const [entered] = play.of('entry');
    if (entered === undefined) throw new Error('no entry');
    play.fill(idOf(entered), q('0.3'));
    for (let turn = 0; turn < 8; turn += 1) play.deny('EXCEEDS_POSITION').pass(30);
    expect(play.plan.failing).toMatchObject({ code: 'EXCEEDS_POSITION' });
    expect(play.working.map(({ status }) => status).sort()).toEqual(['accepted', 'pending-cancel']);
    endAll(play);
    expect(play.plan).toMatchObject({ status: 'failed', reason: { code: 'EXCEEDS_POSITION' } });
    expect(play.working.map((order) => PlanId.slotOf(idOf(order))?.leg)).toEqual(['stop']);
    const asked = play.asks.length;
    play.pass(60).pass(60);
    expect(play.asks).toHaveLength(asked);
  });

  it('takes back a stop of which nobody has heard before it is over', () => {
    const play = new PlayedPlan(oco).look();
    const id = play.newest();
    play.plan = withOrderBehind(play.plan, 'p000000000001S0007');
    play.look();
    expect(play.plan).toMatchObject({ status: 'failed', reason: { code: 'PLAN_BEHIND_VENUE' } });
    expect(play.plan.reason?.text).toMatch(/p000000000001S0007.*plan anew/);
    expect(play.take(id).working).toEqual([]);
  });

  it('behind the venue places no slot any more', () => {
    const play = new PlayedPlan(twap('open')).look().take();
    play.plan = withOrderBehind(play.plan, 'p000000000001L0001');
    endAll(play.look()).pass(10).pass(10).pass(10);
    expect([play.plan.status, play.requests.length]).toEqual(['failed', 1]);
  });

  it('fails again, and asks for nothing, when a fill comes after its end', () => {
    const play = new PlayedPlan(twap('open')).look().take();
    const [slice] = play.working;
    if (slice === undefined) throw new Error('no slice');
    play.plan = withOrderBehind(play.plan, 'p000000000001L0001');
    endAll(play.look());
    play.fill(idOf(slice), q('0.1'));
    const look = { now: play.now, prices: null, halt: null, mayClose: true, orders: play.orders };
    const again = decidePlan(reopened(play.plan, play.orders), look);
    expect([again.plan.status, again.plan.reason?.code, again.asks]).toEqual(['failed', 'PLAN_BEHIND_VENUE', []]);
  });

  it('says what to do about what the gate has refused', () => {
    const play = new PlayedPlan(bracket).look().deny('REPEATED_ORDER');
    expect(play.plan.reason).toMatchObject({
      code: 'REPEATED_ORDER',
      text: expect.stringMatching(/what to do about REPEATED_ORDER/),
    });
    const parts = new PlayedPlan(iceberg).look().deny('REPEATED_ORDER');
    expect(parts.plan.reason?.text).toMatch(/what to do about REPEATED_ORDER/);
  });
});
