import { aboutOf, attributesOf } from '@scalpstorm/bus';
import { Timestamp } from '@scalpstorm/kernel';
import type { Bot } from '@scalpstorm/model';
import { currentTrace, moment, outOfContext, span, withLogContext } from '@scalpstorm/observability';
import type { StrategyEvent } from '@scalpstorm/strategies';
import type { Advanced } from '../domain/advance.js';
import type { Cause } from './order-sender.js';

/** What led to a step, and when the step began on `performance.now()`. */
export interface Led extends Cause {
  readonly event: StrategyEvent['kind'];
  readonly began: number;
}

export interface Decision extends Pick<Advanced, 'placements' | 'cancels'> {
  readonly bot: Bot;
  readonly led: Led;
}

/** What became of an order leads to the next one, cycle after cycle: in one trace it would never end. */
const ofAnOrder: ReadonlySet<StrategyEvent['kind']> = new Set(['order-changed', 'order-denied']);

/**
 * Says what was decided within a span of its own. It belongs to the trace of the market event or of the command that led to it, as
 * far as that has one, and begins one otherwise: of thousands of prices only those on which somebody acts are worth a trace. A
 * decision about what became of an order begins a trace too, linked to that of the order.
 */
export function traceDecision({ bot, placements, cancels, led }: Decision, say: () => void): void {
  const { event, eventId, began } = led;
  const about = aboutOf({ bot, clientOrderId: (placements[0]?.request ?? cancels[0])?.clientOrderId });
  const attributes = {
    ...attributesOf(about),
    'strategy.name': bot.config.strategy,
    'decision.event': event,
    'decision.placements': placements.length,
    'decision.cancels': cancels.length,
    ...(eventId === null ? {} : { 'event.caused_by': eventId }),
  };
  const before = currentTrace();
  const links = ofAnOrder.has(event) ? [before] : [];
  const decide = () =>
    span(`decide ${bot.config.strategy}`, attributes, () => told(led, say), {
      begins: true,
      startedAt: performance.timeOrigin + began,
      links,
    });
  const fields = { botId: bot.id, accountId: bot.config.accountId };
  if (links.length > 0) outOfContext(decide, fields);
  else withLogContext(fields, decide);
}

function told({ marketAt }: Cause, say: () => void): void {
  if (marketAt !== null) moment('market event', {}, Timestamp.toMillis(marketAt));
  say();
}
