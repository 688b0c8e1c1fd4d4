import type { Timestamp } from '@scalpstorm/kernel';
import type { BotId, Candle, Instrument, Json, JsonObject, Mode } from '@scalpstorm/model';
import type { StrategyContext, StrategyEvent } from '../sdk/strategy.js';
import { exactValue } from './exact-json.js';
import type { Beginning, BeginsBy } from './journal.js';
import { isObject, isSameJson } from './same-json.js';

/** Rows are numbered one by one for each bot; where a number is missing, rows were lost. */
export interface JournalRow {
  readonly number: number;
  readonly entry: JsonObject;
}

/** Its words mean nothing here: it was damaged, or written by a later version. */
export class UnreadableJournal extends Error {
  constructor(
    readonly number: number,
    what: string,
  ) {
    super(`row ${number} of the journal ${what}`);
    this.name = 'UnreadableJournal';
  }
}

export interface ReadBeginning extends Beginning {
  /** Its parameters are others than those of the beginning before, or it is the first. */
  readonly isNewEdition: boolean;
}

export interface ReadStep {
  readonly event: StrategyEvent;
  readonly context: StrategyContext;
  readonly did: readonly Json[];
}

/** Puts together again what surrounded each step, from rows in their order. */
export class JournalReader {
  private context: StrategyContext | null = null;
  private parameters: JsonObject | null = null;

  begin({ number, entry }: JournalRow): ReadBeginning {
    const { by, at, botId, mode, strategy, state, parameters } = entry;
    const instrument = exactValue(entry['instrument'] ?? null);
    const whole = typeof strategy === 'string' && isObject(state) && isObject(parameters) && isObject(instrument);
    if (!whole || typeof at !== 'number') throw new UnreadableJournal(number, 'begins with what is no bot');
    const beginning = {
      by: by as BeginsBy,
      at: at as Timestamp,
      botId: botId as BotId,
      mode: mode as Mode,
      strategy,
      parameters: exactValue(parameters) as JsonObject,
      instrument: instrument as unknown as Instrument,
      state: exactValue(state) as JsonObject,
    };
    this.context = bareContext(beginning);
    // An edit of the name is none, and one right before a restart is told by the start.
    const isNewEdition = this.parameters === null || !isSameJson(this.parameters, beginning.parameters);
    this.parameters = beginning.parameters;
    return { ...beginning, isNewEdition };
  }

  step({ number, entry }: JournalRow): ReadStep {
    const before = this.context;
    const { at, event, context = {}, did } = entry;
    if (before === null) throw new UnreadableJournal(number, 'is a step of a bot that never began');
    const whole = typeof at === 'number' && isObject(event) && isObject(context) && Array.isArray(did);
    if (!whole) throw new UnreadableJournal(number, 'is no step');
    const bars =
      'bars' in entry ? barsAfter(before.bars ?? null, entry['bars'] ?? null, number) : (before.bars ?? null);
    const now = { ...before, ...(exactValue(context) as Partial<StrategyContext>), bars, now: at as Timestamp };
    this.context = now;
    return {
      event: withMarket(exactValue(event) as StrategyEvent, now, number),
      context: now,
      did: exactValue(did) as readonly Json[],
    };
  }
}

const bareContext = ({ botId, mode, instrument, at }: Beginning): StrategyContext => ({
  ...{ botId, mode, instrument, now: at, quote: null, trade: null, vwap: null, atr: null },
  ...{ prediction: null, bars: null, funds: null, position: null },
});

function barsAfter(before: readonly Candle[] | null, told: Json, number: number): readonly Candle[] | null {
  if (told === null) return null;
  const { skip, keep, add } = isObject(told) ? told : {};
  if (typeof skip !== 'number' || typeof keep !== 'number' || !Array.isArray(add))
    throw new UnreadableJournal(number, 'has bars that are none');
  return [...(before ?? []).slice(skip, skip + keep), ...(exactValue(add) as readonly Candle[])];
}

function withMarket(event: StrategyEvent, { quote, trade }: StrategyContext, number: number): StrategyEvent {
  if (event.kind === 'quote' && !('quote' in event)) {
    if (quote !== null) return { kind: 'quote', quote };
    throw new UnreadableJournal(number, 'hears of a quote that is not there');
  }
  if (event.kind === 'trade' && !('trade' in event)) {
    if (trade !== null) return { kind: 'trade', trade };
    throw new UnreadableJournal(number, 'hears of a trade that is not there');
  }
  return event;
}
