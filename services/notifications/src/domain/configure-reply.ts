import type { ParameterWarning, Refusal } from '@scalpstorm/contracts';
import type { Bot, JsonObject } from '@scalpstorm/model';
import { bold, lines } from './chat-replies.js';
import type { Intent } from './intent.js';
import type { Formatted } from './markup.js';
import { modeMark } from './notice.js';
import { valueText } from './parameter-value.js';

type Of<Kind extends Intent['kind']> = Extract<Intent, { kind: Kind }>;

export function createQuestion({ config }: Of<'create'>): Formatted[] {
  const { name, strategy, accountId, instrumentId, mode, parameters } = config;
  return [
    bold(`Create ${modeMark(mode)} ${name}?`),
    ...lines(
      `${strategy} on ${instrumentId}, account ${accountId}.`,
      ...Object.entries(parameters).map(([key, value]) => `${key}: ${valueText(value)}`),
      'It is stored stopped and trades only when you start it.',
    ),
  ];
}

export function editQuestion({ bot, name, parameters }: Of<'edit'>, bots: readonly Bot[]): Formatted[] {
  const known = bots.find(({ id }) => id === bot.id);
  const before: JsonObject = known?.config.parameters ?? {};
  const mark = known === undefined ? '' : `${modeMark(known.config.mode)} `;
  const active = known !== undefined && known.observed !== 'stopped';
  return [
    bold(`Edit ${mark}${bot.name}?`),
    ...lines(
      ...(name === null ? [] : [`name: ${bot.name} → ${name}`]),
      ...Object.entries(parameters).map(([key, value]) => `${key}: ${valueText(before[key])} → ${valueText(value)}`),
      'Everything else stays.',
      ...(active ? [`It is ${known.observed} and goes on with the new values.`] : []),
    ),
  ];
}

export function deleteQuestion({ bot }: Of<'delete'>, bots: readonly Bot[]): Formatted[] {
  const known = bots.find(({ id }) => id === bot.id);
  const mark = known === undefined ? '' : `${modeMark(known.config.mode)} `;
  return [
    bold(`Delete ${mark}${bot.name}?`),
    ...lines('It is gone for good. Only a bot that is stopped and holds nothing can be deleted.'),
  ];
}

/** One line each: what is wrong, its code and place, what is allowed, what to do. */
export const refusalLines = (refusals: readonly Refusal[]): string[] =>
  refusals.map(({ code, field, text, allowed, next }) =>
    [
      text,
      `(${code}${field === '' ? '' : `, ${field}`})`,
      ...(allowed === '' ? [] : [`Allowed: ${allowed}.`]),
      ...(next === '' ? [] : [next]),
    ].join(' '),
  );

export const warningLines = (warnings: readonly ParameterWarning[]): string[] =>
  warnings.map(({ code, field, text, next }) => `Warning: ${text} (${code}, ${field})${next === '' ? '' : ` ${next}`}`);
