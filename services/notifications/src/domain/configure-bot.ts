import { AccountId, type Bot, type BotConfig, InstrumentId, type Json, type JsonObject } from '@scalpstorm/model';
import { strategies } from '@scalpstorm/strategies';
import { nearest } from './chat-command.js';
import { lines } from './chat-replies.js';
import type { Intent } from './intent.js';
import type { Formatted } from './markup.js';
import { typedValue } from './parameter-value.js';

type Configured = { readonly intent: Intent } | { readonly says: Formatted[] };
type Settings = ReadonlyMap<string, string>;

const usualStrategy = 'scalping-cycle';
const createExample =
  '/create demo instrument=BTC-USDT account=demo quantity=0.01 buyPrice=-10bps:mid sellPrice=20bps:entry stopLossPercent=2 loop=true';
const ofBot = ['strategy', 'account', 'instrument'];

/**
 * `/create NAME key=value …`. Only on an account on which the user has a bot: this service is not told whose the accounts are, and
 * strategy does not ask; the bot that is there is the proof.
 */
export function createIntent(argument: string, bots: readonly Bot[]): Configured {
  const [name = '', ...words] = wordsOf(argument);
  if (name === '' || name.includes('=')) return { says: lines('Which name? For example:', createExample) };
  const faults: string[] = [];
  const settings = settingsOf(words, faults);
  const strategyId = settings.get('strategy') ?? usualStrategy;
  const place = placeOf(settings, bots, faults);
  const parameters = parametersOf(settings, { strategyId, others: [...ofBot, 'mode'] }, faults);
  if (place === null || faults.length > 0) return { says: lines(...faults, `For example: ${createExample}`) };
  return { intent: { kind: 'create', config: { name, strategy: strategyId, ...place, parameters } } };
}

/** `/edit BOT key=value …`: what is not named stays, `null` takes a parameter away, `name=` gives another name. */
export function editIntent(bot: Bot, words: readonly string[]): Configured {
  const { id, config, version } = bot;
  const faults: string[] = [];
  const settings = settingsOf(words, faults);
  for (const key of [...ofBot, 'mode']) {
    if (settings.has(key)) faults.push(`The ${key} of a bot cannot be changed. Create another bot.`);
  }
  const others = ['name', ...ofBot, 'mode'];
  const parameters = parametersOf(settings, { strategyId: config.strategy, others, mayRemove: true }, faults);
  const name = settings.get('name') ?? null;
  const example = `For example: /edit ${config.name} stopLossPercent=2`;
  if (faults.length > 0) return { says: lines(...faults, example) };
  if (settings.size === 0) return { says: lines('What is to change?', example) };
  return { intent: { kind: 'edit', bot: { id, name: config.name }, version, name, parameters } };
}

export const wordsOf = (argument: string): readonly string[] => argument.split(/\s+/).filter((word) => word !== '');

function settingsOf(words: readonly string[], faults: string[]): Settings {
  const settings = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    const typed = word.slice(0, Math.max(at, 0));
    const key = [...ofBot, 'name', 'mode'].find((one) => one === typed.toLowerCase()) ?? typed;
    const value = word.slice(at + 1);
    if (at < 1 || value === '') faults.push(`"${word}" is no key=value; write it without blanks.`);
    else if (settings.has(key)) faults.push(`${key} is named twice.`);
    else settings.set(key, value);
  }
  return settings;
}

/** Account, mode and instrument; mode and venue are the account's. */
function placeOf(
  settings: Settings,
  bots: readonly Bot[],
  faults: string[],
): Pick<BotConfig, 'accountId' | 'mode' | 'instrumentId'> | null {
  const accounts = [...new Set(bots.map(({ config }) => config.accountId))];
  const [only] = accounts;
  const wanted = settings.get('account') ?? (accounts.length === 1 ? only : undefined);
  const example = bots.find(({ config }) => config.accountId === wanted)?.config;
  if (example === undefined) {
    const without = wanted === undefined ? 'Name the account: account=ID.' : `You have no bot on an account ${wanted}.`;
    const first = 'The first bot on an account is created in the dashboard, which knows whose it is.';
    const known = accounts.length === 0 ? first : `Allowed: ${accounts.join(', ')}. ${first}`;
    faults.push(`${without} (ACCOUNT_NOT_FOUND, /account) ${known}`);
  }
  const mode = settings.get('mode')?.toLowerCase();
  if (example !== undefined && mode !== undefined && mode !== example.mode) {
    faults.push(`The account ${example.accountId} trades in mode ${example.mode}. (WRONG_MODE, /mode)`);
  }
  const typed = settings.get('instrument')?.toUpperCase();
  if (typed === undefined) faults.push('Name the instrument: instrument=BTC-USDT.');
  if (example === undefined || typed === undefined) return null;
  const [venue = ''] = example.instrumentId.split(':');
  const symbol = typed.startsWith(`${venue.toUpperCase()}:`) ? typed.slice(venue.length + 1) : typed;
  const text = `${venue}:${symbol}`;
  if (InstrumentId.parse(text) === null) {
    faults.push(`${typed} is no instrument of ${venue}; write it as BTC-USDT.`);
    return null;
  }
  return {
    accountId: AccountId.of(example.accountId),
    mode: example.mode,
    instrumentId: InstrumentId.of(venue, symbol),
  };
}

interface Wanted {
  readonly strategyId: string;
  /** Keys that are no parameters. */
  readonly others: readonly string[];
  readonly mayRemove?: boolean;
}

function parametersOf(
  settings: Settings,
  { strategyId, others, mayRemove = false }: Wanted,
  faults: string[],
): JsonObject {
  const strategy = strategies.get(strategyId);
  if (strategy === undefined) {
    const known = [...strategies.keys()].join(', ');
    faults.push(`There is no strategy ${strategyId}. (UNKNOWN_STRATEGY, /strategy) Allowed: ${known}.`);
    return {};
  }
  const schemas = strategy.schema['properties'] as Readonly<Record<string, JsonObject>>;
  const known = Object.keys(schemas);
  const parameters = new Map<string, Json>();
  for (const [typed, text] of settings) {
    if (others.includes(typed)) continue;
    const key = known.find((one) => one.toLowerCase() === typed.toLowerCase());
    const schema = key === undefined ? undefined : schemas[key];
    if (key === undefined || schema === undefined) {
      const meant = nearest(typed, [...known, ...others]);
      const next = meant === null ? `There are: ${known.join(', ')}.` : `Did you mean ${meant}?`;
      faults.push(`${strategyId} has no parameter ${typed}. ${next}`);
      continue;
    }
    if (parameters.has(key)) faults.push(`${key} is named twice.`);
    const value = mayRemove && text === 'null' ? { value: null } : typedValue(text, schema);
    if ('allowed' in value) faults.push(`${key} cannot be ${text}. Allowed: ${value.allowed}.`);
    else parameters.set(key, value.value);
  }
  return Object.fromEntries(parameters);
}
