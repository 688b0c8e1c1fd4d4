import { describe, expect, it } from '@jest/globals';
import { isPlanOver, Money, type Order, PlanId, type PlanTerms, Price, Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import { netBase } from '../portfolio/position.js';
import { PlayedPlan } from './played-plan.js';

const q = Quantity.of;
const stop = { trigger: { kind: 'stop', price: Price.of('90'), source: 'last' }, price: null } as const;
const target = { price: Price.of('120'), source: 'last', type: 'limit' } as const;
const entry = { type: 'limit', price: Price.of('100'), timeInForce: 'GTC', trigger: null } as const;
const plans: readonly PlanTerms[] = [
  { kind: 'bracket', side: 'buy', quantity: q('1'), entry, stop, target },
  { kind: 'bracket', side: 'buy', quantity: q('0.3'), entry, stop, target: null },
  { kind: 'oco', side: 'sell', quantity: q('1'), purpose: 'close', stop, target },
  {
    kind: 'twap',
    side: 'buy',
    purpose: 'open',
    quantity: q('1'),
    slices: 5,
    intervalSeconds: 3,
    price: Price.of('100'),
  },
  { kind: 'iceberg', side: 'buy', purpose: 'open', quantity: q('1'), price: Price.of('100'), show: q('0.3') },
];

/** What the world does next: to whom (drawn from those that there are), and how much. */
const step = fc.record({
  what: fc.constantFrom(
    'take',
    'take',
    'fill',
    'fill',
    'cancel',
    'expire',
    'deny',
    'exceeds',
    'reject',
    'passed',
    'pass',
    'market',
    'halt',
    'flatten',
    'release',
  ),
  whom: fc.nat(5),
  parts: fc.integer({ min: 1, max: 100_000 }),
  price: fc.constantFrom('95', '119', '120', '121'),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function play(world: PlayedPlan, { what, whom, parts, price }: Step): void {
  const asked = [...world.asked.keys()];
  const id = asked[whom % Math.max(1, asked.length)];
  const order = world.working[whom % Math.max(1, world.working.length)];
  if (what === 'pass') world.pass(whom + 0.5);
  else if (what === 'market') world.market(price);
  else if (what === 'halt' || what === 'flatten') world.halted(what === 'halt' ? 'cancel' : what);
  else if (what === 'release') world.halted(null);
  else if (id !== undefined && what === 'exceeds') world.deny('EXCEEDS_POSITION', id);
  else if (id !== undefined && what === 'take') world.take(id);
  else if (id !== undefined && what === 'deny') world.deny('GATE_RECOVERING', id);
  else if (id !== undefined && what === 'reject') world.reject('INSUFFICIENT_BALANCE', id);
  else if (id !== undefined && what === 'passed') world.reject('WOULD_TRIGGER', id);
  else if (order !== undefined && what === 'fill') fill(world, order, parts);
  else if (order !== undefined && what === 'cancel') end(world, order);
  else if (order !== undefined && what === 'expire') world.end(order.request.clientOrderId, 'expired');
}

function fill(world: PlayedPlan, { request, filledQuantity }: Order, parts: number): void {
  const rest = Quantity.fromUnits(request.quantity - filledQuantity);
  const some = Quantity.floorTo(Quantity.fromUnits((rest * BigInt(parts)) / 100_000n), q('0.00001'));
  const quantity = some > 0n ? some : rest;
  const isBuy = request.side === 'buy';
  const fee = isBuy ? Money.fromQuantity(Quantity.fromUnits(quantity / 1_000n), world.plan.rules.base) : undefined;
  world.fill(request.clientOrderId, quantity, fee);
}

const end = (world: PlayedPlan, { request }: Order) => world.end(request.clientOrderId, 'canceled');

const legOf = ({ request }: Order) => PlanId.slotOf(request.clientOrderId)?.leg;
const sum = (orders: Iterable<Order>, of: (order: Order) => bigint): bigint => {
  let total = 0n;
  for (const order of orders) total += of(order);
  return total;
};
const restOf = ({ request, filledQuantity }: Order): bigint => request.quantity - filledQuantity;

/** What is held by the fills that the venue has told, whatever the plan makes of them; of an OCO, what it was given to close. */
function heldOf({ plan, orders }: PlayedPlan): bigint {
  const given = plan.terms.kind === 'bracket' ? 0n : plan.terms.quantity;
  return (
    given +
    sum(orders.values(), ({ request, filledQuantity, fees }) => {
      const fee = fees.find(({ currency }) => currency === plan.rules.base)?.amount ?? 0n;
      return netBase(request.side, filledQuantity, fee);
    })
  );
}

/** What must never be, whatever the world does. */
function check(world: PlayedPlan): void {
  const { plan, working } = world;
  const { terms } = plan;
  const exits = working.filter((order) => legOf(order) !== 'entry');
  const asked = [...world.asked.values()].filter(({ clientOrderId }) =>
    plan.children.some((child) => child.clientOrderId === clientOrderId && child.state === 'asked'),
  );
  const promised =
    sum(exits, restOf) +
    asked.reduce(
      (all, request) => all + (request.side === terms.side && terms.kind === 'bracket' ? 0n : request.quantity),
      0n,
    );
  if (terms.kind === 'twap' || terms.kind === 'iceberg') {
    const filled = sum(world.orders.values(), ({ filledQuantity }) => filledQuantity);
    expect(filled + promised).toBeLessThanOrEqual(terms.quantity);
    expect(exits.length + asked.length).toBeLessThanOrEqual(1);
    return;
  }
  // Nobody can give back more than is held, whatever fills next: both ways out are counted together.
  const held = heldOf(world);
  expect(promised).toBeLessThanOrEqual(held < 0n ? 0n : held);
  const ways = new Set(exits.map(legOf));
  expect(ways.size).toBeLessThanOrEqual(1);
}

/** From here on everybody does what is asked of him. */
function goWell(world: PlayedPlan): void {
  for (let turn = 0; turn < 60; turn += 1) {
    const [id] = world.asked.keys();
    const canceling = world.working.find(({ status }) => status === 'pending-cancel');
    const atOnce = world.working.find((order) => legOf(order) === 'exit' || legOf(order) === 'target');
    if (id !== undefined) world.take(id);
    else if (atOnce !== undefined) fill(world, atOnce, 100_000);
    else if (canceling !== undefined) end(world, canceling);
    else world.pass(31);
    check(world);
  }
}

describe('a plan, whatever happens', () => {
  it.each(plans)('gives back no more than it holds, and one part at a time: $kind', (terms) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new PlayedPlan(terms).look();
        for (const next of steps) {
          play(world, next);
          check(world);
        }
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it.each(plans.slice(0, 3))(
    'comes to protect exactly what is held when the world is kind again: $kind (%#)',
    (terms) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
          const world = new PlayedPlan(terms).look();
          for (const next of steps) play(world, next);
          world.market('100');
          goWell(world);
          const { plan } = world;
          // Nobody asks for a plan that is over, and what it leaves is a stop and nothing else.
          if (isPlanOver(plan.status)) {
            expect(plan.children.filter(({ state }) => state === 'asked')).toEqual([]);
            expect([...new Set(world.working.map(legOf))]).toEqual(
              plan.failing === null ? [] : ['stop'].slice(0, world.working.length),
            );
            if (plan.failing !== null || plan.reason?.code === 'PLAN_OVERFILLED') return;
          }
          // An OCO that a halt has ended leaves what it was given to whoever holds it.
          if (plan.terms.kind === 'oco' && plan.reason?.code === 'PLAN_HALTED') return;
          const wanted = Quantity.floorTo(Quantity.fromUnits(heldOf(world)), plan.rules.stepSize);
          const closing = world.working.filter((order) => legOf(order) !== 'entry');
          const covered = sum(closing, restOf);
          const tooLittle = wanted * 90n < q('5');
          if (!tooLittle) expect(Quantity.format(Quantity.fromUnits(covered))).toBe(Quantity.format(wanted));
        }),
        { numRuns: 100, seed: 6 },
      );
    },
  );
});
