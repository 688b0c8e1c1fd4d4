import type { Command, Option } from 'commander';
import { usageFailure } from './failure.js';

/**
 * Of an option that is meant once a second value would silently take the place of the first; so would `--no-x` after `--x`. Switches
 * may be repeated, and so may what collects its values.
 */
export function refuseRepeated(command: Command): void {
  const given = new Map<string, Option>();
  for (const option of command.options) {
    if (option.isBoolean() || option.variadic || option.parseArg !== undefined) continue;
    command.on(`option:${option.name()}`, () => {
      const name = option.attributeName();
      const before = given.get(name);
      given.set(name, option);
      if (before === undefined || (before === option && option.negate)) return;
      const text =
        before === option ? `${option.long} is given twice.` : `${before.long} and ${option.long} are one thing.`;
      throw usageFailure('OPTION_TWICE', text, 'give it once');
    });
  }
  for (const inner of command.commands) refuseRepeated(inner);
}
