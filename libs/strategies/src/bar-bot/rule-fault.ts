import type { Effect } from '../sdk/strategy.js';
import type { RuleFault, RuleState } from './state.js';
import { storableText } from './storable.js';

const codes = ['ASKS_FOR_TOMORROW', 'STRATEGY_LOOPS'] as const;
const textMax = 200;

/** What a rule did wrong, out of what it threw. */
export function ruleFault(thrown: unknown): RuleFault {
  const { code, name, message } = detailsOf(thrown);
  return {
    code: codes.find((known) => known === code) ?? 'STRATEGY_THREW',
    text: storableText(`${name}: ${message}`.replace(/\s+/g, ' '), textMax),
  };
}

/** It has just done something wrong: the bot ends in error, and what it holds is left to its stops and its user. */
export function tellFault(before: RuleState, { fault }: RuleState): readonly Effect[] {
  if (fault === undefined || before.fault !== undefined) return [];
  const { code } = fault;
  const text =
    `Its rule can not go on (${fault.text}). Nothing is opened any more; what is held is closed by its stops. ` +
    'Flatten it, or mend the rule and start it again.';
  return [
    { kind: 'log', level: 'ERROR', code, text, data: { fault: fault.text } },
    { kind: 'reached', milestone: 'failed', reason: { code, text } },
  ];
}

/** Somebody's code may throw anything. */
function detailsOf(thrown: unknown): { readonly code: unknown; readonly name: string; readonly message: string } {
  if (typeof thrown !== 'object' || thrown === null) return { code: null, name: 'Error', message: String(thrown) };
  const { code, name, message } = thrown as Readonly<Record<string, unknown>>;
  const textOf = (value: unknown, absent: string) => (typeof value === 'string' ? value : absent);
  return { code, name: textOf(name, 'Error'), message: textOf(message, 'it threw no error') };
}
