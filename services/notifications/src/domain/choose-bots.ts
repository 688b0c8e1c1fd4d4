import { nearest } from '@scalpstorm/kernel';
import type { Bot, BotVerb } from '@scalpstorm/model';
import { capital, lines } from './chat-replies.js';
import { haltedBots, type Intent } from './intent.js';
import type { Formatted } from './markup.js';

type Chosen = { readonly intent: Intent } | { readonly says: Formatted[] };

/** In which states the verb changes anything; the strategy service has the last word. */
const useful: Readonly<Record<BotVerb, ReadonlySet<Bot['observed']>>> = {
  start: new Set(['stopped']),
  pause: new Set(['running', 'starting']),
  resume: new Set(['paused', 'pausing']),
  stop: new Set(['running', 'starting', 'paused', 'pausing', 'error']),
  flatten: new Set(['running', 'starting', 'paused', 'pausing', 'stopping', 'flattening', 'error']),
};
const namesShown = 20;

/** Which bots were meant: by name, by id, or all for which the verb makes sense. Never one that was not named. */
export function choose(verb: BotVerb, argument: string, bots: readonly Bot[]): Chosen {
  if (bots.length === 0) return { says: lines('You have no bots yet. Create one in the dashboard.') };
  if (argument === '') {
    return { says: lines(`Which one? /${verb} NAME, or /${verb} all.`, namesText(bots)) };
  }
  if (argument.toLowerCase() === 'all') {
    const chosen =
      verb === 'flatten' ? haltedBots('flatten', bots) : bots.filter(({ observed }) => useful[verb].has(observed));
    return chosen.length === 0
      ? { says: lines(`${capital(verb)} would change nothing: no bot of yours is ${[...useful[verb]].join(' or ')}.`) }
      : { intent: intentOf(verb, chosen) };
  }
  const named = botNamed(argument, bots);
  if (named !== undefined) return { intent: intentOf(verb, [named]) };
  return { says: unknownBot(verb, argument, bots) };
}

/** The one that was meant, for what is done to one bot alone. */
export function chooseOne(verb: string, typed: string, bots: readonly Bot[]): Bot | Formatted[] {
  if (bots.length === 0) return lines('You have no bots yet.');
  if (typed === '') return lines(`Which one? /${verb} NAME.`, namesText(bots));
  return botNamed(typed, bots) ?? unknownBot(verb, typed, bots);
}

function unknownBot(verb: string, typed: string, bots: readonly Bot[]): Formatted[] {
  const meant = nearest(
    typed,
    bots.map(({ config }) => config.name),
  );
  const near = meant === null ? '' : ` Did you mean /${verb} ${meant}?`;
  return lines(`You have no bot ${typed}.${near}`, namesText(bots));
}

/** By id, or by name in any writing. */
export const botNamed = (typed: string, bots: readonly Bot[]): Bot | undefined =>
  bots.find(({ id, config }) => id === typed || config.name.toLowerCase() === typed.toLowerCase());

const intentOf = (verb: BotVerb, bots: readonly Bot[]): Intent => ({
  kind: 'bots',
  verb,
  bots: bots.map(({ id, config }) => ({ id, name: config.name })),
});

function namesText(bots: readonly Bot[]): string {
  const names = bots.slice(0, namesShown).map(({ config }) => config.name);
  const more = bots.length - names.length;
  return `Your bots: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
