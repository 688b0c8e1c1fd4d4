import type { UserStanding } from '@scalpstorm/contracts';
import { nearest } from '@scalpstorm/kernel';
import { AccountId, type Bot, type BotConfig, InstrumentId, type Json, type JsonObject } from '@scalpstorm/model';
import { strategies } from '@scalpstorm/strategies';
import { lines } from './chat-replies.js';
import type { Intent } from './intent.js';
import type { Formatted } from './markup.js';
import { typedValue } from './parameter-value.js';

type Configured = { readonly intent: Intent } | { readonly says: Formatted[] };
type Settings = ReadonlyMap<string, string>;
type Account = UserStanding['accounts'][number];

const usualStrategy = 'scalping-cycle';
const createExample =
  '/create demo instrument=BTC-USDT account=demo quantity=0.01 buyPrice=-10bps:mid sellPrice=20bps:entry stopLossPercent=2 loop=true';
const ofBot = ['strategy', 'account', 'instrument'];

/** `/create NAME key=value …`, on one of the user's own accounts: strategy does not ask whose they are, the gateway says it. */
export function createIntent(argument: string, accounts: readonly Account[], bots: readonly Bot[]): Configured {
  const [name = '', ...words] = wordsOf(argument);
  if (name === '' || name.includes('=')) return { says: lines('Which name? For example:', createExample) };
  const faults: string[] = [];
  const settings = settingsOf(words, faults);
  const strategyId = settings.get('strategy') ?? usualStrategy;
  const account = accountOf(settings.get('account'), { accounts, bots }, faults);
  const place = placeOf(settings, account, faults);
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

/** The one that is named, else the only one that there is or that the user's bots are on. */
function accountOf(
  named: string | undefined,
  { accounts, bots }: { readonly accounts: readonly Account[]; readonly bots: readonly Bot[] },
  faults: string[],
): Account | undefined {
  const used = new Set<string>(bots.map(({ config }) => config.accountId));
  const [only] = accounts.length === 1 ? accounts.map(({ id }) => id) : used.size === 1 ? used : [];
  const wanted = named ?? only;
  const found = accounts.find(({ id }) => id === wanted);
  if (found === undefined) {
    const ids = accounts.map(({ id }) => id);
    const what = wanted === undefined ? 'Name the account: account=ID.' : `You have no account ${wanted}.`;
    const known = ids.length === 0 ? 'Add one in the dashboard first.' : `Allowed: ${ids.join(', ')}.`;
    faults.push(`${what} (ACCOUNT_NOT_FOUND, /account) ${known}`);
  }
  return found;
}

/** Mode and venue are the account's. */
function placeOf(
  settings: Settings,
  account: Account | undefined,
  faults: string[],
): Pick<BotConfig, 'accountId' | 'mode' | 'instrumentId'> | null {
  const mode = settings.get('mode')?.toLowerCase();
  if (account !== undefined && mode !== undefined && mode !== account.mode) {
    faults.push(`The account ${account.id} trades in mode ${account.mode}. (WRONG_MODE, /mode)`);
  }
  const typed = settings.get('instrument')?.toUpperCase();
  if (typed === undefined) faults.push('Name the instrument: instrument=BTC-USDT.');
  if (account === undefined || typed === undefined) return null;
  const { venue } = account;
  const symbol = typed.startsWith(`${venue.toUpperCase()}:`) ? typed.slice(venue.length + 1) : typed;
  if (InstrumentId.parse(`${venue}:${symbol}`) === null) {
    faults.push(`${typed} is no instrument of ${venue}; write it as BTC-USDT.`);
    return null;
  }
  return { accountId: AccountId.of(account.id), mode: account.mode, instrumentId: InstrumentId.of(venue, symbol) };
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
