import type { BotVerb } from '@scalpstorm/model';

/** What became of one bot; `code` is null when it obeyed. */
export interface BotOutcome {
  readonly bot: string;
  readonly verb: BotVerb;
  readonly code: string | null;
  readonly text: string;
}

/** One thing that a halt has left as it was, and why. */
export interface RemainingItem {
  readonly kind: 'bot' | 'order' | 'position';
  /** Of the bot, the order (client order id) or the position (`account:venue:symbol`). */
  readonly id: string;
  readonly bot: string | null;
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

/** What a halt was asked for and has not done; all zero and complete when nothing is left to do. */
export interface Remaining {
  /** Bots that were not told, or refused. */
  readonly bots: number;
  /** Open orders for which no cancel could be asked. */
  readonly orders: number;
  /** For level flatten: what is held, and nothing closes it. */
  readonly positions: number;
  /** False: time ran out before everything in scope was looked at, so the numbers are the least that is left. */
  readonly complete: boolean;
  /** The first of them, by name. */
  readonly items: readonly RemainingItem[];
}

/** What was done beside the gate, and what is left. */
export interface Swept {
  readonly bots: readonly BotOutcome[];
  /** Orders for which a cancel was asked of execution. */
  readonly ordersCanceled: number;
  readonly remaining: Remaining;
}

export const nothingRemains: Remaining = { bots: 0, orders: 0, positions: 0, complete: true, items: [] };

/** Named in an answer; the numbers count all. */
export const remainingItemsMax = 200;

export interface ScopedBot {
  readonly id: string;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly held: string;
}
export interface ScopedOrder {
  readonly clientOrderId: string;
  readonly botId: string | null;
}
export interface StrayPosition {
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly bot: string | null;
}

/** It was asked; whether it obeyed is not known. */
export const noAnswerInTime = {
  code: 'SERVICE_UNAVAILABLE',
  text: 'The bot service did not answer in time; it is not known whether the bot obeyed.',
};
/** Time ran out before it was asked. */
const notReached = { code: 'NOT_REACHED', text: 'It was not told in time.' };

const again = 'Repeat the halt; what is done already is not done twice.';
/** The one refusal that a repeat may meet for ever. */
const expired = `${again} If it is refused so every time, the clocks of gateway and strategy differ: set them by NTP.`;
const nextOf = (code: string | null): string => (code === 'COMMAND_EXPIRED' ? expired : again);

/** Who was met by a halt and who was not, kept while it goes on, so that an answer can be given at any moment. */
export class HaltTally {
  readonly #bots = new Map<string, ScopedBot>();
  readonly #outcomes = new Map<string, BotOutcome>();
  readonly #askedBots = new Set<string>();
  readonly #orders = new Map<string, { readonly botId: string | null; asked: boolean }>();
  #strays: readonly StrayPosition[] = [];
  #lists = 0;

  /** @param lists how many lists must have been read to the end before it is known what there is */
  constructor(
    private readonly verb: BotVerb,
    private readonly lists: number,
  ) {}

  seeBot(bot: ScopedBot): void {
    this.#bots.set(bot.id, bot);
  }
  /** From now on nobody may say that it was not reached. */
  asking(bot: string): void {
    this.#askedBots.add(bot);
  }
  told(outcome: BotOutcome): void {
    this.#outcomes.set(outcome.bot, outcome);
  }
  obeyed(bot: string | null): boolean {
    return bot !== null && this.#outcomes.get(bot)?.code === null;
  }
  /** False: a cancel was asked for it already. */
  seeOrder({ clientOrderId, botId }: ScopedOrder): boolean {
    const known = this.#orders.get(clientOrderId);
    if (known === undefined) this.#orders.set(clientOrderId, { botId, asked: false });
    return known?.asked !== true;
  }
  asked(clientOrderId: string): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) order.asked = true;
  }
  strays(positions: readonly StrayPosition[]): void {
    this.#strays = positions;
  }
  /** One list was read to its end. */
  listed(): void {
    this.#lists += 1;
  }

  get ordersCanceled(): number {
    return [...this.#orders.values()].filter(({ asked }) => asked).length;
  }

  bots(): readonly BotOutcome[] {
    return [...this.#bots.keys()].sort().map((bot) => this.#outcomeOf(bot));
  }

  remaining(): Remaining {
    const failed = this.bots().filter(({ code }) => code !== null);
    // An order of a bot that obeys is canceled by the bot itself.
    const open = [...this.#orders].filter(([, { asked, botId }]) => !asked && !this.obeyed(botId));
    const kept = this.verb === 'flatten' ? failed.flatMap((outcome) => this.#keptBy(outcome)) : [];
    const strays = this.#strays.map(strayItem);
    return {
      bots: failed.length,
      orders: open.length,
      positions: kept.length + strays.length,
      complete: this.#lists >= this.lists,
      // What is held first: it is what costs money.
      items: [...kept, ...strays, ...open.map(orderItem), ...failed.map(botItem)].slice(0, remainingItemsMax),
    };
  }

  #outcomeOf(bot: string): BotOutcome {
    const known = this.#outcomes.get(bot);
    if (known !== undefined) return known;
    return { bot, verb: this.verb, ...(this.#askedBots.has(bot) ? noAnswerInTime : notReached) };
  }

  #keptBy({ bot: id, code, text }: BotOutcome): readonly RemainingItem[] {
    const bot = this.#bots.get(id);
    if (bot === undefined || isZero(bot.held)) return [];
    const position = { account: bot.account, venue: bot.venue, symbol: bot.symbol };
    const what = `${bot.held} ${baseOf(bot.symbol)} stay open: ${text}`;
    return [{ kind: 'position', id: idOf(position), bot: id, code: code ?? '', text: what, next: nextOf(code) }];
  }
}

const botItem = ({ bot, code, text }: BotOutcome): RemainingItem => ({
  ...{ kind: 'bot', id: bot, bot, code: code ?? '', text },
  next: nextOf(code),
});

const orderItem = ([id, { botId }]: readonly [string, { readonly botId: string | null }]): RemainingItem => ({
  ...{ kind: 'order', id, bot: botId, code: 'CANCEL_NOT_SENT' },
  text: 'The cancel could not be handed over in time.',
  next: again,
});

const strayItem = (position: StrayPosition): RemainingItem => ({
  ...{ kind: 'position', id: idOf(position), bot: position.bot, code: 'POSITION_OF_NO_BOT' },
  text: `${position.quantity} ${baseOf(position.symbol)} stay open: no bot holds it, so none can close it.`,
  next: 'Close it at the venue.',
});

const idOf = ({ account, venue, symbol }: Pick<StrayPosition, 'account' | 'venue' | 'symbol'>): string =>
  `${account}:${venue}:${symbol}`;
const baseOf = (symbol: string): string => symbol.split('-', 1)[0] ?? symbol;
const isZero = (quantity: string): boolean => /^-?0(\.0+)?$/.test(quantity);
