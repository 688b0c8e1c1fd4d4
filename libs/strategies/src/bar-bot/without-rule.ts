import { assert, ok, type Result } from '@scalpstorm/kernel';
import type { Instrument, JsonObject, Reason } from '@scalpstorm/model';
import { defineBarStrategy } from '../bars/bar-strategy.js';
import type { ConfiguredStrategy } from '../sdk/define.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { barBot } from './bar-bot.js';
import { isOfEveryBot } from './schema.js';

const noRule = defineBarStrategy({
  id: 'no-rule',
  title: 'No rule',
  description: 'Wants nothing.',
  source: 'Stands in for a rule that is not there.',
  parameters: {},
  warmUp: () => 0,
  decider: () => ({ onClose: () => undefined, snapshot: () => ({}), restore: () => undefined }),
});

/**
 * Looks after a bot over bars whose rule is not there: nothing is opened and no bar is heard; what it holds is closed by the stops that it
 * has, its own and those that the rule has set, and by what its user asks for. Its rule's state stays as it is.
 * @param parameters of the bot; those of its rule are not looked at
 */
export function barBotWithoutRule(
  parameters: JsonObject,
  instrument: Instrument,
  reason: Reason,
): Result<ConfiguredStrategy, readonly ParameterFault[]> {
  const read = barBot(noRule).configure(ofEveryBot(parameters), instrument);
  if (!read.ok) return read;
  const { withhold } = read.value;
  assert(withhold !== undefined, 'a bot over bars can be kept from opening');
  return ok(withhold({ ...reason, hears: false }));
}

const ofEveryBot = (parameters: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => isOfEveryBot(name)));

/** Whether this is what such a bot remembers. */
export const isBarBotState = ({ cycle, rule }: JsonObject): boolean =>
  isTable(cycle) && isTable(rule) && typeof rule['mark'] === 'string' && 'wish' in rule;

const isTable = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
