import type { Bot, Instrument, JsonObject, Reason } from '@scalpstorm/model';
import { type ConfiguredStrategy, strategies } from '@scalpstorm/strategies';
import { type BotMemory, memoryFromJson, salvagedMemory } from './memory.js';

/** What a bot needs to run; a configuration that was edited makes another. */
export interface Runnable {
  readonly configured: ConfiguredStrategy;
  /** The one against which the parameters were checked; the newest is asked of the directory. */
  readonly instrument: Instrument;
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

/** Makes a stored bot ready to run, or says why it can not be; never throws, so that one bot can not keep the others down. */
export function prepare({ bot, state }: Stored, instrument: Instrument | null): Prepared {
  const memory = attempt(() => memoryFromJson(state));
  if (!memory.ok) return { ok: false, memory: salvagedMemory(state), fault: unreadable(memory.error) };
  const fault = (fault: Fault): Prepared => ({ ok: false, memory: memory.value, fault });
  const { strategy: id, parameters, instrumentId } = bot.config;
  const strategy = strategies.get(id);
  if (!strategy) return fault(strategyGone(id));
  if (!instrument) return fault(marketUnknown(instrumentId));
  const configured = attempt(() => strategy.configure(parameters, instrument));
  if (!configured.ok) return fault(brokenStep(configured.error));
  if (!configured.value.ok) return fault(parametersRefused(configured.value.error[0]));
  return { ok: true, memory: memory.value, runnable: { configured: configured.value.value, instrument } };
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

function strategyGone(id: string): Fault {
  return {
    code: 'BOT_STRATEGY_GONE',
    text: `there is no strategy "${id}" any more`,
    passing: false,
    next: `Install the version that had it, or delete the bot. There is: ${[...strategies.keys()].join(', ')}.`,
  };
}

function parametersRefused(fault?: { readonly code: string; readonly field: string; readonly text: string }): Fault {
  const words = fault ? `${fault.code} ${fault.field}: ${fault.text}` : 'no reason was given';
  return {
    code: 'BOT_PARAMETERS_REFUSED',
    text: `its strategy does not take its parameters any more (${words})`,
    passing: false,
    next: 'Edit its parameters, then start it.',
  };
}

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
