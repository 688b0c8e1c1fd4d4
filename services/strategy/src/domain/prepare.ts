import type { Bot, Instrument, JsonObject, Reason } from '@scalpstorm/model';
import {
  barBotWithoutRule,
  type ConfiguredStrategy,
  isBarBotState,
  type StrategyCatalogue,
} from '@scalpstorm/strategies';
import { type BotMemory, memoryFromJson, salvagedMemory } from './memory.js';

/** What a bot needs to run; a configuration that was edited makes another. */
export interface Runnable {
  readonly configured: ConfiguredStrategy;
  /** The one against which the parameters were checked; the newest is asked of the directory. */
  readonly instrument: Instrument;
  /** The version of its rule that may trade live; absent: nobody asked. */
  readonly certified?: string;
  /** Why it opens nothing and can not be started; what it holds is looked after. Absent: it may. */
  readonly withheld?: Fault;
}

/** Why a stored bot can not be run. */
export interface Fault extends Reason {
  /** True: by itself it may run in a moment. Else somebody must do something. */
  readonly passing: boolean;
  readonly next: string;
}

export type Prepared =
  | { readonly ok: true; readonly memory: BotMemory; readonly runnable: Runnable }
  | { readonly ok: false; readonly memory: BotMemory; readonly fault: Fault };

interface Stored {
  readonly bot: Bot;
  readonly state: JsonObject;
}

/**
 * Makes a stored bot ready to run, or says why it can not be; never throws, so that one bot can not keep the others down. A bot over bars
 * whose rule is not there is run without it where there is something to look after.
 */
export function prepare({ bot, state }: Stored, instrument: Instrument | null, catalogue: StrategyCatalogue): Prepared {
  const memory = attempt(() => memoryFromJson(state));
  if (!memory.ok) return { ok: false, memory: salvagedMemory(state), fault: unreadable(memory.error) };
  const fault = (fault: Fault): Prepared => ({ ok: false, memory: memory.value, fault });
  if (!instrument && catalogue.all.has(bot.config.strategy)) return fault(marketUnknown(bot.config.instrumentId));
  const found = runnableOf(bot, instrument, catalogue);
  if (!found.ok)
    return withoutRule({ bot, instrument, memory: memory.value, fault: found.fault }) ?? fault(found.fault);
  return { ok: true, memory: memory.value, runnable: found.runnable };
}

type Found = { readonly ok: true; readonly runnable: Runnable } | { readonly ok: false; readonly fault: Fault };

function runnableOf({ config }: Bot, instrument: Instrument | null, catalogue: StrategyCatalogue): Found {
  const strategy = catalogue.all.get(config.strategy);
  if (!strategy || !instrument) return { ok: false, fault: strategyGone(config.strategy, catalogue) };
  const configured = attempt(() => strategy.configure(config.parameters, instrument));
  if (!configured.ok) return { ok: false, fault: brokenStep(configured.error) };
  if (!configured.value.ok) return { ok: false, fault: parametersRefused(configured.value.error[0]) };
  return { ok: true, runnable: { configured: configured.value.value, instrument } };
}

interface Ruleless {
  readonly bot: Bot;
  readonly instrument: Instrument | null;
  readonly memory: BotMemory;
  readonly fault: Fault;
}

/** Null: that can not be done, or it rests with nothing in its hands. */
function withoutRule({ bot, instrument, memory, fault }: Ruleless): Prepared | null {
  const rests = bot.observed === 'stopped' || bot.observed === 'error';
  if (instrument === null || (rests && bot.totals.held === 0n) || !isBarBotState(memory.strategy)) return null;
  const text = `${fault.text}: nothing is opened; what is held is closed by its stops. ${fault.next}`;
  const read = attempt(() =>
    barBotWithoutRule(bot.config.parameters, instrument, { code: 'WAITS_FOR_STRATEGY', text }),
  );
  if (!read.ok || !read.value.ok) return null;
  return { ok: true, memory, runnable: { configured: read.value.value, instrument, withheld: fault } };
}

/** Whether the next price can matter to it. A state that is none is told by the first step that meets it, and the bot set aside there. */
export function heedsMarket({ configured }: Runnable, { strategy }: BotMemory): boolean {
  try {
    return configured.heedsMarket(strategy);
  } catch {
    return true;
  }
}

/** A step that broke an invariant: the bot is what it was before it, and takes no other. */
export function brokenStep(error: unknown): Fault {
  return {
    code: 'BOT_STEP_FAILED',
    text: `its strategy broke a rule of its own: ${wordsOf(error)}`,
    passing: false,
    next: 'Start it again; if that fails, stop it, close what it holds by hand and report the fault.',
  };
}

/** What is said of a bot that was set aside, in one line. */
export const faultText = ({ text, next }: Fault): string => `The bot was set aside: ${text}. ${next}`;

function unreadable(error: unknown): Fault {
  return {
    code: 'BOT_STATE_UNREADABLE',
    text: `what is stored of it can not be read: ${wordsOf(error)}`,
    passing: false,
    next: 'Its orders and fills go on being counted. Restore its row from a back-up and start it, or delete it.',
  };
}

function strategyGone(id: string, catalogue: StrategyCatalogue): Fault {
  const [code, passing] = ['BOT_STRATEGY_GONE', false] as const;
  const refused = catalogue.refusalOf(id);
  if (refused !== null) {
    const text = `its strategy "${id}" was not loaded (${refused.code}: ${refused.text})`;
    return { code, text, passing, next: 'Let the operator mend the module and start the strategy service again.' };
  }
  const text = `there is no strategy "${id}" any more`;
  const next = `Install the version that had it, or delete the bot. There is: ${[...catalogue.all.keys()].join(', ')}.`;
  return { code, text, passing, next };
}

function parametersRefused(fault?: { readonly code: string; readonly field: string; readonly text: string }): Fault {
  if (fault?.code === 'STRATEGY_RESTS') return strategyRests(fault.text.replace(/\.$/, ''));
  const words = fault ? `${fault.code} ${fault.field}: ${fault.text}` : 'no reason was given';
  return {
    code: 'BOT_PARAMETERS_REFUSED',
    text: `its strategy does not take its parameters any more (${words})`,
    passing: false,
    next: 'Edit its parameters, then start it.',
  };
}

/** Others of its strategy did not end; itself it may be fine. */
export const strategyRests = (text: string): Fault => ({
  code: 'STRATEGY_RESTS',
  text,
  passing: true,
  next: 'Wait ten minutes; it then goes on by itself.',
});

function marketUnknown(instrumentId: string): Fault {
  return {
    code: 'BOT_NOT_READY',
    text: `the venue does not list ${instrumentId} now`,
    passing: true,
    next: 'Wait until its market is back; it then runs by itself.',
  };
}

type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: unknown };

function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}

const wordsMax = 200;

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, wordsMax);
}
