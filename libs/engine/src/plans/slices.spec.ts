import { describe, expect, it } from '@jest/globals';
import { ClientOrderId, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import { exampleInstrument } from '../testing.js';
import { decidePlan } from './decide-plan.js';
import { PlayedPlan } from './played-plan.js';
import { reopened } from './reopened.js';
import { planFault } from './start-plan.js';

const q = Quantity.of;
const twap: PlanTerms = {
  kind: 'twap',
  side: 'buy',
  purpose: 'open',
  quantity: q('1'),
  slices: 4,
  intervalSeconds: 10,
  price: null,
};
const iceberg: PlanTerms = {
  kind: 'iceberg',
  side: 'sell',
  purpose: 'close',
  quantity: q('1'),
  price: Price.of('100'),
  show: q('0.4'),
};
const quantities = ({ requests }: PlayedPlan) => requests.map(({ quantity }) => Quantity.format(quantity));
const fillAll = (play: PlayedPlan) => {
  const { clientOrderId, quantity } = play.requests.at(-1) ?? {
    clientOrderId: ClientOrderId.of('none'),
    quantity: q('0'),
  };
  return play.take().fill(clientOrderId, quantity);
};

describe('a TWAP', () => {
  it('sends its slices by its clock, and is done with the last', () => {
    const play = new PlayedPlan(twap).look();
    for (let slice = 0; slice < 3; slice += 1) fillAll(play).pass(9).pass(1);
    fillAll(play);
    expect([quantities(play), play.plan.status]).toEqual([['0.25', '0.25', '0.25', '0.25'], 'done']);
    expect(play.requests[0]).toMatchObject({ type: 'market', purpose: 'open', side: 'buy' });
  });

  it('carries on what a slice did not fill, when that has ended', () => {
    const play = new PlayedPlan({ ...twap, price: Price.of('100') }).look().take();
    const [first] = play.requests;
    if (first === undefined) throw new Error('none');
    play.fill(first.clientOrderId, q('0.1')).pass(10);
    expect(play.orders.get(first.clientOrderId)?.status).toBe('pending-cancel');
    expect(quantities(play)).toEqual(['0.25']);
    play.end(first.clientOrderId, 'canceled');
    expect(quantities(play)).toEqual(['0.25', '0.3']);
  });

  it('leaves out what it missed while nobody ran, and spreads it: no slice twice, and none in a burst', () => {
    const play = new PlayedPlan(twap).look();
    fillAll(play).pass(25);
    expect(quantities(play)).toEqual(['0.25', '0.375']);
    expect(play.plan.slot).toBe(2);
    fillAll(play).pass(100);
    expect(play.plan).toMatchObject({ status: 'done', reason: { code: 'TWAP_TIME_OVER' } });
    expect(play.requests).toHaveLength(2);
  });

  it('goes on after a slice that a halt has stopped, and fails when nothing was ever filled', () => {
    const play = new PlayedPlan(twap).look().deny('TRADING_HALTED');
    expect(quantities(play)).toEqual(['0.25']);
    play.pass(10);
    expect(quantities(play)).toEqual(['0.25', '0.33333']);
    play.deny('TRADING_HALTED').pass(30);
    expect(play.plan).toMatchObject({ status: 'failed', reason: { code: 'TRADING_HALTED' } });
  });

  it('whose slice was filled after its end says by how much it was overfilled', () => {
    const play = new PlayedPlan({ ...twap, slices: 2, price: Price.of('100') }).look().take();
    const [first] = play.requests;
    if (first === undefined) throw new Error('none');
    play.end(first.clientOrderId, 'canceled').pass(10);
    fillAll(play);
    expect([quantities(play), play.plan.status]).toEqual([['0.5', '1'], 'done']);
    play.fill(first.clientOrderId, q('0.2'));
    const look = { now: play.now, prices: null, halt: null, mayClose: true, orders: play.orders };
    const again = decidePlan(reopened(play.plan, play.orders), look);
    expect(again.asks).toEqual([]);
    expect(again.plan).toMatchObject({
      status: 'failed',
      reason: { code: 'PLAN_OVERFILLED', text: 'its parts filled 0.2 more than was wanted' },
    });
    expect(reopened(again.plan, play.orders)).toBe(again.plan);
  });

  it('does not wait for ever for a verdict', () => {
    const play = new PlayedPlan({ ...twap, intervalSeconds: 100 }).look();
    play.pass(29);
    expect(play.plan.children[0]?.state).toBe('asked');
    play.pass(2);
    expect(play.plan.children[0]).toMatchObject({ state: 'ended', code: 'NO_VERDICT' });
  });
});

describe('an iceberg', () => {
  it('shows one part at a time, and the last one takes what would be too little', () => {
    const play = new PlayedPlan({ ...iceberg, quantity: q('0.800001'), show: q('0.4') }).look();
    fillAll(play);
    expect([quantities(play), play.plan.status]).toEqual([['0.4', '0.4'], 'working']);
    fillAll(play);
    expect([play.plan.status, play.requests.length]).toEqual(['done', 2]);
  });

  it('asks for nothing more while a part is not filled, and ends when a part is canceled', () => {
    const play = new PlayedPlan(iceberg).look().take();
    const [{ clientOrderId } = { clientOrderId: ClientOrderId.of('none') }] = play.requests;
    play.fill(clientOrderId, q('0.39999')).pass(60);
    expect(play.requests).toHaveLength(1);
    expect(play.end(clientOrderId, 'canceled').plan).toMatchObject({ status: 'canceled' });
  });

  it('is one order where the venue hides the rest', () => {
    const play = new PlayedPlan(iceberg, true).look();
    expect(play.requests).toMatchObject([{ quantity: q('1'), displayQuantity: q('0.4'), timeInForce: 'GTC' }]);
  });
});

describe('a plan that can not be meant', () => {
  const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
  const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
  const oco: PlanTerms = { kind: 'oco', side: 'sell', purpose: 'close', quantity: q('1'), stop, target };
  const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
  const bracket: PlanTerms = { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target };

  it.each([
    ['/quantity', 'QUANTITY_OFF_STEP', { ...oco, quantity: q('0.000001') }],
    ['/target/price', 'PLAN_UNFIT', { ...oco, side: 'buy' }],
    ['/target/price', 'PLAN_UNFIT', { ...bracket, side: 'sell' }],
    ['/target/price', 'PRICE_OFF_TICK', { ...oco, target: { ...target, price: Price.of('120.001') } }],
    [
      '/stop/trigger/kind',
      'PLAN_UNFIT',
      { ...oco, stop: { ...stop, trigger: { ...stop.trigger, kind: 'take-profit' } } },
    ],
    ['/stop/trigger/price', 'PLAN_UNFIT', { ...bracket, entry: { ...entry, price: Price.of('90') } }],
    ['/entry/timeInForce', 'PLAN_UNFIT', { ...bracket, entry: { ...entry, timeInForce: 'GTD' } }],
    ['/quantity', 'NOTIONAL_BELOW_MINIMUM', { ...oco, quantity: q('0.05') }],
    ['/slices', 'QUANTITY_BELOW_MINIMUM', { ...twap, quantity: q('0.00003'), slices: 4 }],
    ['/show', 'PLAN_UNFIT', { ...iceberg, show: q('1') }],
    ['/show', 'PLAN_UNFIT', { ...iceberg, show: q('0.400001') }],
  ] as const)('is refused at %s with %s (%#)', (field, code, terms) =>
    expect(planFault(terms as PlanTerms, exampleInstrument())).toMatchObject({ field, code }),
  );

  it.each([oco, bracket, twap, iceberg])('and one that can is not: $kind', (terms) =>
    expect(planFault(terms, exampleInstrument())).toBeNull(),
  );
});
