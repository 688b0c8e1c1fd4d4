import { done } from '@scalpstorm/bus';
import type { OrderChanged, OrderRequested, TradingStateChanged } from '@scalpstorm/contracts';
import { second } from '@scalpstorm/kernel';
import { hearing, type Mutant, wrapped } from './wrapped.js';

const hour = 3_600 * second;

export const mutantsOfGateAndBots: readonly Mutant[] = [
  {
    name: 'reservations-dropped-on-restart',
    text: 'a gate that starts opens at once, and does not wait until its earlier approvals have expired',
    seams: { approvalLifeOfRebuildMs: -2_000 },
  },
  {
    name: 'unknown-not-reserved',
    text: 'an order whose fate is unknown does not count any more',
    seams: {
      hears: hearing('risk-gate', 'OrderChanged', (one) => (event, context) => {
        const changed = event as OrderChanged;
        const { order } = changed;
        const ended = order.status === 'unknown' ? { ...order, status: 'expired' as const } : order;
        return one.handle({ ...changed, order: ended }, context);
      }),
    },
  },
  {
    name: 'late-fill-not-counted',
    text: 'the gate does not count a fill that came after the end of its order',
    seams: {
      hears: hearing('risk-gate', 'OrderChanged', (one) => async (event, context) => {
        const { order, event: what } = event as OrderChanged;
        return what.kind === 'filled' && order.status === 'canceled' ? done : one.handle(event, context);
      }),
    },
  },
  {
    name: 'released-by-time-alone',
    text: 'a reservation is given back when its time is over, whatever the books say',
    seams: { releasesByTimeAlone: true },
  },
  {
    name: 'halt-not-durable',
    text: 'a halt is answered and not written',
    seams: { forgetsStates: true },
  },
  {
    name: 'verdict-twice',
    text: 'each life of the gate gives a verdict of its own',
    seams: {
      bus: (bus, process) =>
        wrapped(bus, {
          send: (contract, event, messageId) =>
            bus.send(contract, event, messageId?.startsWith('verdict:') ? `${messageId}:${process.life}` : messageId),
        }),
    },
  },
  {
    name: 'duplicate-taken-for-own',
    text: 'a gate that is told that there was a verdict takes it for its own',
    seams: {
      bus: (bus) =>
        wrapped(bus, {
          send: async (contract, event, messageId) => {
            const sent = await bus.send(contract, event, messageId);
            return messageId?.startsWith('verdict:') ? { duplicate: false } : sent;
          },
        }),
    },
  },
  {
    name: 'verdict-row-edited',
    text: 'a verdict that is written down is made to say something else',
    seams: { editsVerdicts: true },
  },
  {
    name: 'close-counted-as-open',
    text: 'a close meets the limits and the halts that are for what opens',
    seams: {
      hears: hearing('risk-gate', 'OrderRequested', (one) => (event, context) => {
        const requested = event as OrderRequested;
        return one.handle({ ...requested, order: { ...requested.order, purpose: 'open' } }, context);
      }),
    },
  },
  {
    name: 'old-prices-believed',
    text: 'a price is believed however old it is',
    seams: { limits: (limits) => ({ ...limits, marketDataAgeMax: hour }) },
  },
  {
    name: 'flatten-only-stops',
    text: 'bots that a halt is to flatten are stopped, and keep what they hold',
    seams: {
      hears: hearing('strategy', 'TradingStateChanged', (one) => (event, context) => {
        const changed = event as TradingStateChanged;
        return one.handle(changed.level === 'flatten' ? { ...changed, level: 'cancel' } : changed, context);
      }),
    },
  },
  {
    name: 'halt-cancels-nothing',
    text: 'what opens stays at the venue when a halt is to cancel it',
    seams: {
      hears: hearing('execution', 'TradingStateChanged', (one) => (event, context) => {
        const { level: _level, ...changed } = event as TradingStateChanged;
        return one.handle(changed, context);
      }),
    },
  },
  {
    name: 'acknowledged-first',
    text: 'news of an order is acknowledged before its bot is written down',
    seams: {
      hears: hearing('strategy', 'OrderChanged', (one) => async (event, context) => {
        one.handle(event, context).catch(() => undefined);
        return done;
      }),
    },
  },
];
