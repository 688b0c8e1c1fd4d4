import type { Timestamp } from '@scalpstorm/kernel';
import { type Candle, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import type { Effect, StrategyContext, StrategyEvent } from '../sdk/strategy.js';
import { exactText } from './exact-json.js';

// What a bot was told and what it did, as rows of JSON: from them alone its steps can be taken again. Of what surrounds a step a row has
// only what is not as it was at the row before; a step that changed nothing has no row.

/** `start`: a process took it in; `edit`: other parameters; `checkpoint`: so that older rows may go; `gap`: rows before it were lost. */
export type BeginsBy = 'start' | 'edit' | 'checkpoint' | 'gap';

export interface Configuration {
  readonly strategy: string;
  readonly parameters: JsonObject;
}

/** The state of a bot at a moment, from which its steps go on. */
export interface Beginning extends Configuration, Pick<StrategyContext, 'botId' | 'mode' | 'instrument'> {
  readonly by: BeginsBy;
  readonly at: Timestamp;
  readonly state: JsonObject;
}

/** A step that its strategy took. */
export interface TakenStep {
  readonly event: StrategyEvent;
  readonly context: StrategyContext;
  readonly effects: readonly Effect[];
}

export interface WrittenStep {
  readonly text: string;
  readonly known: Known;
}

/** What was told with the rows so far, so that it need not be told again. */
export interface Known {
  readonly context: Partial<StrategyContext>;
  readonly bars: readonly Candle[] | null;
}

export const contextNames = ['instrument', 'quote', 'trade', 'vwap', 'atr', 'prediction', 'funds', 'position'] as const;

/** The text of the row, and what is known behind it: bars are told whole again. */
export function writeBeginning(beginning: Beginning): WrittenStep {
  const { by, at, botId, mode, strategy, parameters, instrument, state } = beginning;
  return {
    text: exactText({ kind: 'begin', by, at, botId, mode, strategy, parameters, instrument, state }),
    known: { context: { instrument }, bars: null },
  };
}

export function writeStep(known: Known, { event, context, effects }: TakenStep): WrittenStep {
  const changed = contextNames.filter((name) => !isSame(known.context[name] ?? null, context[name]));
  const bars = context.bars ?? null;
  const row = {
    kind: 'step',
    at: context.now,
    event: withoutMarket(event, context),
    ...(changed.length > 0 && { context: Object.fromEntries(changed.map((name) => [name, context[name]])) }),
    ...(bars !== known.bars && barsSince(known.bars, bars)),
    did: actionsOf(effects),
  };
  return { text: exactText(row), known: { context, bars } };
}

/** What others saw of a step: orders, cancels, milestones and finished cycles. */
export function actionsOf(effects: readonly Effect[]): readonly JsonObject[] {
  return effects.flatMap((effect): readonly JsonObject[] => {
    if (effect.kind === 'place') {
      const { clientOrderId, side, type, quantity, price, timeInForce, purpose } = effect.order;
      const terms = {
        quantity: Quantity.format(quantity),
        price: price === null ? null : Price.format(price),
        timeInForce,
      };
      return [{ kind: 'place', id: clientOrderId, side, type, ...terms, purpose, ask: effect.ask }];
    }
    if (effect.kind === 'cancel') return [{ kind: 'cancel', id: effect.clientOrderId, reason: effect.reason }];
    if (effect.kind === 'reached') return [{ kind: 'reached', milestone: effect.milestone, code: effect.reason.code }];
    if (effect.kind === 'cycle-completed') {
      const { number, net } = effect.cycle;
      return [{ kind: 'cycle', number, net: Money.format(net), currency: net.currency }];
    }
    return [];
  });
}

/** The price that it hears of is mostly the one that surrounds it. */
function withoutMarket(event: StrategyEvent, { quote, trade }: StrategyContext): object {
  if (event.kind === 'quote' && isSame(event.quote, quote)) return { kind: 'quote' };
  if (event.kind === 'trade' && isSame(event.trade, trade)) return { kind: 'trade' };
  return event;
}

/** Of those before, so many are left out, so many are kept, and these come behind. */
function barsSince(before: readonly Candle[] | null, now: readonly Candle[] | null): { readonly bars: object | null } {
  if (now === null || before === null) return { bars: now === null ? null : { skip: 0, keep: 0, add: now } };
  const first = now[0];
  const skip = first === undefined ? before.length : before.findIndex(({ openedAt }) => openedAt >= first.openedAt);
  let keep = 0;
  while (skip >= 0 && keep < now.length && isSame(before[skip + keep], now[keep])) keep += 1;
  return { bars: { skip: Math.max(skip, 0), keep, add: now.slice(keep) } };
}

const isSame = (left: unknown, right: unknown): boolean => left === right || exactText(left) === exactText(right);
