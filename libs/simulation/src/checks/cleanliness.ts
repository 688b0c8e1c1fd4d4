import { applyOrderEvent, botStanding, createOrder, type Standing } from '@scalpstorm/engine';
import { isPlanOver, type Order, type TradeId } from '@scalpstorm/model';
import { fleetBots, pressingBots, startingMoney, theAccount, theInstrument } from '../services/stage.js';
import { viewOf } from '../venue/venue-order.js';
import type { World } from '../world.js';
import { endingStainOf } from './ending-stain.js';
import type { Stain } from './violation.js';

const restless: ReadonlySet<Order['status']> = new Set([
  'initialized',
  'sending',
  'submitted',
  'unknown',
  'pending-cancel',
]);

/** The first thing that is not as it has to be when nothing goes wrong any more; null when all is. */
export function stainOf(world: World): Stain | null {
  return (
    processesOf(world) ??
    plansOf(world) ??
    endingStainOf(world) ??
    ordersOf(world) ??
    fillsOf(world) ??
    cashOf(world) ??
    logOf(world) ??
    projectionsOf(world)
  );
}

function processesOf({ execution, gate, strategy, rows, gateOutbox }: World): Stain | null {
  if (execution === null || gate === null || strategy === null) return unclean('a process does not live');
  const state = execution.service.states.of(theAccount.id);
  if (state.kind !== 'trading') return unclean(`the account is ${state.kind}: ${JSON.stringify(state)}`);
  if (gate.service.gate.isRecovering) return unclean('the gate is recovering');
  const depth = rows.outbox.depth + gateOutbox.depth;
  return depth > 0 ? unclean(`${depth} messages wait in an outbox`) : null;
}

/** Their time is over soon after nothing is planned any more. */
function plansOf({ rows, watch }: World): Stain | null {
  for (const { plan } of rows.plans.values()) {
    if (!isPlanOver(plan.status)) return unclean(`${plan.id} is ${plan.status}`);
    const filled = plan.children.reduce((sum, child) => sum + child.filled, plan.folded.filled as bigint);
    if (filled !== watch.plans.tradedBy(plan.id))
      return {
        invariant: 'I10',
        text: `${plan.id} knows of ${filled}, the venue traded ${watch.plans.tradedBy(plan.id)}`,
      };
  }
  return null;
}

function ordersOf({ rows, venue }: World): Stain | null {
  const working = rows.working().map(({ tracked }) => tracked.order);
  const open = new Set(venue.open.map(({ request }) => request.clientOrderId));
  for (const { status, request } of working) {
    if (restless.has(status)) return unclean(`order ${request.clientOrderId} is ${status}`);
    if (!open.delete(request.clientOrderId)) return unclean(`order ${request.clientOrderId} works here alone`);
  }
  const [alone] = open;
  return alone === undefined ? null : unclean(`order ${alone} works at the venue alone`);
}

function fillsOf({ rows, venue }: World): Stain | null {
  if (rows.fills.size !== venue.fills.length) {
    const ours = new Set([...rows.fills.values()].map(({ tradeId }): TradeId => tradeId));
    const missing = venue.fills.find(({ tradeId }) => !ours.has(tradeId));
    return { invariant: 'I3', text: `trade ${missing?.tradeId} of ${missing?.clientOrderId} is not booked` };
  }
  for (const order of venue.orders) {
    const ours = rows.orders.get(order.request.clientOrderId)?.tracked.order;
    const { filledQuantity } = viewOf(order);
    if (ours?.filledQuantity !== filledQuantity)
      return { invariant: 'I3', text: `order ${order.request.clientOrderId} is filled otherwise at the venue` };
  }
  return null;
}

function cashOf({ rows, venue, watch }: World): Stain | null {
  for (const { currency, amount } of startingMoney) {
    const expected = amount + (watch.commits.booked.flows.get(currency) ?? 0n);
    const there = venue.totals().get(currency) ?? 0n;
    if (expected !== there) return { invariant: 'I5', text: `${currency}: ${expected} by our fills, ${there} there` };
    if ((rows.flows.get(currency) ?? 0n) !== (watch.commits.booked.flows.get(currency) ?? 0n))
      return { invariant: 'I5', text: `the cash flow of ${currency} is not the sum of its fills` };
  }
  return null;
}

/** The orders are what their logs make of them. */
function logOf({ rows }: World): Stain | null {
  for (const [id, { tracked }] of rows.orders) {
    let order = createOrder(tracked.order.request, theInstrument.quote, tracked.order.createdAt);
    for (const { event } of rows.log.get(id) ?? []) {
      const next = applyOrderEvent(order, event, tracked.order.updatedAt, new Set());
      if (!next.ok) return { invariant: 'I10', text: `the log of ${id} does not fold: ${next.error.kind}` };
      order = next.value;
    }
    const same = order.status === tracked.order.status && order.filledQuantity === tracked.order.filledQuantity;
    if (!same || order.version !== tracked.order.version)
      return { invariant: 'I10', text: `order ${id} is ${tracked.order.status}, its log says ${order.status}` };
  }
  return null;
}

/** What the gate and the bots believe is what the books say. */
function projectionsOf({ rows, gate, strategy, watch }: World): Stain | null {
  const standings: ReadonlyMap<unknown, Standing> = Reflect.get(gate?.service.gate ?? {}, 'standings');
  const standing = standings.get(theAccount.id);
  if (standing === undefined) return { invariant: 'I10', text: 'the gate does not know the account' };
  const working = rows.working().map(({ tracked }) => tracked.order.request);
  for (const botId of [...fleetBots, ...pressingBots.map((bot) => bot.botId)]) {
    const believed = botStanding(standing, botId);
    const held = watch.commits.booked.positions.get(botId) ?? 0n;
    if ((believed.positions.get(theInstrument.id) ?? 0n) !== held)
      return { invariant: 'I10', text: `the gate believes that ${botId} holds something else` };
    const theirs = working.filter((request) => request.botId === botId).map(({ clientOrderId }) => clientOrderId);
    const same = theirs.length === believed.orders.size && theirs.every((id) => believed.orders.has(id));
    if (!same)
      return { invariant: 'I10', text: `the gate counts other orders of ${botId}: ${[...believed.orders.keys()]}` };
  }
  for (const botId of fleetBots) {
    const bot = strategy?.service.fleet.get(botId)?.bot;
    if (bot === undefined) return { invariant: 'I10', text: `bot ${botId} does not run` };
    if (bot.totals.held !== (watch.commits.booked.positions.get(botId) ?? 0n))
      return { invariant: 'I10', text: `bot ${botId} believes to hold something else` };
  }
  return null;
}

const unclean = (text: string): Stain => ({ invariant: 'I13', text });
