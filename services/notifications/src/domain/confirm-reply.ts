import { type Bot, type BotVerb, InstrumentId, Quantity } from '@scalpstorm/model';
import { bold, capital, lines, plain } from './chat-replies.js';
import { createQuestion, deleteQuestion, editQuestion } from './configure-reply.js';
import { type HaltLevel, haltedBots, type Intent } from './intent.js';
import type { Formatted } from './markup.js';
import { modeMark } from './notice.js';

type Of<Kind extends Intent['kind']> = Extract<Intent, { kind: Kind }>;

const consequences: Readonly<Record<BotVerb, string>> = {
  start: 'They may open positions.',
  resume: 'They may open positions again.',
  pause: 'No new entries; exits go on.',
  stop: 'Their orders are canceled; what they hold stays.',
  flatten:
    'They are stopped, their orders are canceled, and what they hold is closed at the market, at whatever price it takes.',
};
const namesShown = 10;

/** What would happen, before it does; names and modes, so that nobody stops another bot than they meant. */
export function confirmReply(intent: Intent, bots: readonly Bot[]): Formatted[] {
  switch (intent.kind) {
    case 'halt':
      return haltQuestion(intent, bots);
    case 'release':
      return [bold('Release your halt?'), plain('Those of your bots that run may open positions again.')];
    case 'bots':
      return botsQuestion(intent, bots);
    case 'create':
      return createQuestion(intent);
    case 'edit':
      return editQuestion(intent, bots);
    case 'delete':
      return deleteQuestion(intent, bots);
  }
}

function botsQuestion({ verb, bots: named }: Of<'bots'>, bots: readonly Bot[]): Formatted[] {
  const known = new Map(bots.map((bot) => [bot.id, bot]));
  const marked = named.map(({ id, name }) => {
    const bot = known.get(id);
    return bot === undefined ? name : nameText(bot, verb === 'flatten');
  });
  const title = named.length === 1 ? `${capital(verb)} ${marked[0] ?? ''}?` : `${capital(verb)} ${named.length} bots?`;
  return [bold(title), ...(named.length === 1 ? [] : lines(listText(marked))), plain(consequences[verb])];
}

const haltTitles: Readonly<Record<HaltLevel, string>> = {
  halt: 'Halt all your bots?',
  cancel: 'Halt, stop all your bots and cancel their orders?',
  flatten: 'Halt, stop all your bots and CLOSE what they hold?',
};

function haltQuestion({ level }: Of<'halt'>, bots: readonly Bot[]): Formatted[] {
  const concerned = haltedBots(level, bots);
  const nothingNew = 'Nothing new is opened for any of your bots until you /release it, here or in the dashboard.';
  const question = bold(haltTitles[level]);
  if (level === 'halt') {
    return [
      question,
      ...lines(
        nothingNew,
        `${concerned.length} of your bots are active. Their orders and positions stay; exits go on.`,
      ),
    ];
  }
  const names = concerned.map((bot) => nameText(bot, level === 'flatten'));
  const count = `${concerned.length} ${concerned.length === 1 ? 'bot' : 'bots'}`;
  const then =
    level === 'cancel'
      ? `Stops ${count}; what is held stays`
      : `Stops ${count} and closes what is held at the market, at whatever price it takes`;
  return [
    question,
    ...lines(
      nothingNew,
      concerned.length === 0 ? 'No bot of yours is active.' : `${then}: ${listText(names)}.`,
      'Every open order of yours is canceled, also those without a bot.',
    ),
  ];
}

function nameText({ config, totals }: Bot, withHeld: boolean): string {
  const symbol = InstrumentId.parse(config.instrumentId)?.symbol ?? config.instrumentId;
  const held = withHeld && totals.held !== 0n ? ` (holds ${Quantity.format(totals.held)} ${symbol})` : '';
  return `${modeMark(config.mode)} ${config.name}${held}`;
}

function listText(names: readonly string[]): string {
  const more = names.length - namesShown;
  return `${names.slice(0, namesShown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
