import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { strictestOf, type TradingInForce, untouched } from '@scalpstorm/engine';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Activity, type Bot, type BotId, RiskScope } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { isConnectionFailure, isStoreWeather } from '@scalpstorm/store';
import { live } from '../domain/advance.js';
import { keptWord, type ToldWord, type TradingWord, verbOf } from '../domain/trading-word.js';
import { TradingHalts } from '../ports/trading-halts.js';
import { asked, eventOf } from './command-bots.js';
import { Fleet } from './fleet.js';
import { ofItself } from './order-sender.js';

const everyMs = 1_000;
/** A halt that is older when it is heard was waiting for us, and its release may wait behind it. */
const freshFor = 10 * second;
/** Words come one after the other: a release that waits is heard right behind its halt. */
const quietFor = 5 * second;
/** Longer than the bus waits before it hands over again what could not be written. */
const comesAgainWithin = 15 * second;
/** What a dead process had in hand the server hands over again after 15 s: a release may be among it. */
export const quietAfterStart = 20 * second;

/**
 * What halts tell bots to do besides ordering nothing new. A fresh one is obeyed at once. One that is heard late may have been released since:
 * it is kept, and obeyed when nothing newer has followed, whatever its age and also by the next process.
 */
@Injectable()
export class ObeyHalts implements BeforeApplicationShutdown {
  /** By scope. */
  private readonly words = new Map<string, TradingWord>();
  /** Scopes of words that are kept durably and not yet obeyed durably. */
  private readonly waiting = new Set<string>();
  /** Bots that obey and can not be written down, whose users know of it. */
  private readonly unwritten = new Set<BotId>();
  private quietAt = Timestamp.fromMicros(0);
  private busy = false;
  private heard = 0;
  /** How many of those are not written yet. */
  private inHand = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly halts: TradingHalts,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /** Before anything is heard. */
  async load(): Promise<void> {
    for (const word of await this.halts.load()) {
      const whose = RiskScope.format(word.scope);
      this.words.set(whose, word);
      if (!word.isObeyed) this.waiting.add(whose);
    }
  }

  /** When words are heard and bots are restored. */
  start(): void {
    this.awaitQuiet(quietAfterStart);
    this.timer = setInterval(() => void this.round(), everyMs);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Takes effect at once, in memory. False: a newer one of its scope is known. */
  hear(told: ToldWord): boolean {
    const whose = RiskScope.format(told.scope);
    const known = this.words.get(whose);
    if (known !== undefined && known.since > told.since) return false;
    this.words.set(whose, keptWord(told, known));
    this.waiting.delete(whose);
    return true;
  }

  /** The strictest word that was said of any of them. */
  over(scopes: readonly string[]): TradingInForce {
    return strictestOf(
      scopes.flatMap((scope) => this.words.get(scope) ?? []),
      untouched,
    );
  }

  /** What was heard of the scope last: obeyed if it is fresh. Resolves when it is durable, and what it did to bots with it. */
  async obey(scope: RiskScope): Promise<void> {
    const whose = RiskScope.format(scope);
    const word = this.words.get(whose);
    if (word === undefined) return;
    const isLate = this.clock.now() >= Timestamp.plus(word.since, freshFor);
    if (!isLate) this.carryOut(whose, word);
    await this.writeInHand(whose);
    if (isLate) this.awaitQuiet(quietFor);
  }

  /** Obeys what stands now that it is quiet. @throws nothing; what could not be written is written in a later round */
  async round(): Promise<void> {
    if (this.busy || !this.isQuiet()) return;
    this.busy = true;
    this.forgetDeleted();
    const { heard } = this;
    for (const whose of [...this.waiting]) {
      // A word that comes meanwhile may be the first of several.
      if (this.heard !== heard) break;
      await this.settle(whose).catch((error: unknown) => {
        this.log.warn({ scope: whose, error }, 'that bots obey a halt could not be written down; it is tried again');
        this.awaitQuiet(quietFor);
      });
    }
    this.busy = false;
  }

  private forgetDeleted(): void {
    for (const botId of this.unwritten)
      if (!this.fleet.get(botId) && !this.fleet.aside.get(botId)) this.unwritten.delete(botId);
  }

  /** A word that can not be written holds back those behind it, and the release of one that waits may be among them. */
  private async writeInHand(whose: string): Promise<void> {
    this.heard += 1;
    this.inHand += 1;
    try {
      await this.write(whose);
    } catch (error) {
      this.awaitQuiet(comesAgainWithin);
      throw error;
    } finally {
      this.inHand -= 1;
    }
  }

  private isQuiet(): boolean {
    return this.inHand === 0 && this.clock.now() >= this.quietAt;
  }

  private awaitQuiet(micros: Micros): void {
    const at = Timestamp.plus(this.clock.now(), micros);
    if (at > this.quietAt) this.quietAt = at;
  }

  private async settle(whose: string): Promise<void> {
    const word = this.words.get(whose);
    if (word !== undefined) this.carryOut(whose, word);
    await this.write(whose);
  }

  private carryOut(whose: string, word: TradingWord): void {
    const verb = verbOf(word);
    if (verb === null || word.isObeyed) return;
    this.log.warn({ scope: whose, reason: word.text }, `bots ${verb}, as the halt says`);
    for (const { bot } of this.fleet.all()) if (isIn(bot, whose)) this.obeys(bot.id, verb);
    for (const { bot, fault } of this.fleet.aside.all()) {
      if (fault?.passing === true && isIn(bot, whose)) this.willObey(bot, verb);
    }
    this.words.set(whose, { ...word, isObeyed: true });
  }

  private obeys(botId: BotId, verb: 'stop' | 'flatten'): void {
    const bot = this.fleet.get(botId)?.bot;
    const next = bot ? obeying(bot, verb, this.clock.now()) : null;
    if (next === null) return;
    this.fleet.setBot(botId, next, [asked(next)]);
    this.fleet.step(botId, eventOf(verb), ofItself);
  }

  /** One that waits for its market: its strategy hears when it runs what is wanted of it. */
  private willObey(bot: Bot, verb: 'stop' | 'flatten'): void {
    const next = obeying(bot, verb, this.clock.now());
    if (next !== null) this.fleet.aside.change(next, [asked(next)]);
  }

  /** What bots did first: a word that is kept as obeyed is not obeyed again. It waits until all of them are written. */
  private async write(whose: string): Promise<void> {
    const word = this.words.get(whose);
    if (word === undefined) return;
    const isObeyed = word.isObeyed && (await this.areWritten(whose, word));
    await this.halts.keep({ ...word, isObeyed });
    if (this.words.get(whose) !== word) return;
    // Not before: while it can not be kept, what waits behind it is not heard.
    if (isObeyed) this.waiting.delete(whose);
    else this.waiting.add(whose);
  }

  private async areWritten(whose: string, word: TradingWord): Promise<boolean> {
    const verb = verbOf(word);
    if (verb === null) return true;
    const within = [...this.fleet.all(), ...this.fleet.aside.all()].filter(({ bot }) => isIn(bot, whose));
    const written = await Promise.all(within.map(({ bot }) => this.isWritten(bot, verb)));
    return written.every((one) => one);
  }

  /** One row that the database refuses holds up no others: whose it is is told, and it is tried again. @throws when nothing can be written */
  private async isWritten(bot: Bot, verb: 'stop' | 'flatten'): Promise<boolean> {
    try {
      await this.fleet.writes.write(bot.id);
    } catch (error) {
      if (isStoreWeather(error) || isConnectionFailure(error)) throw error;
      if (this.unwritten.has(bot.id)) return false;
      await this.fleet.tell(notWritten(bot, verb));
      this.unwritten.add(bot.id);
      this.log.error({ botId: bot.id, error }, 'a bot obeys a halt and can not be written down; the others are');
      return false;
    }
    this.unwritten.delete(bot.id);
    return true;
  }
}

/** Everything that it belongs to. */
export const scopesOf = ({ id, userId, config: { accountId, instrumentId } }: Bot): readonly string[] =>
  RiskScope.all({ instrumentId, userId, accountId, botId: id }).map(RiskScope.format);

export const isIn = (bot: Bot, whose: string): boolean => scopesOf(bot).includes(whose);

/** Null: it does so already, does more, or has nothing to do. */
function obeying(bot: Bot, verb: 'stop' | 'flatten', now: Timestamp): Bot | null {
  const { observed, totals } = bot;
  const isAtRest = observed === 'stopped' || observed === 'error';
  if (isAtRest && (verb === 'stop' || totals.held === 0n)) return null;
  // What closes goes on under a halt that only stops.
  if (observed === 'flattening' && verb === 'stop') return null;
  const next = live(bot, { kind: verb }, now);
  return next.ok && next.bot !== bot ? next.bot : null;
}

function notWritten({ id: botId, userId, config: { name } }: Bot, verb: 'stop' | 'flatten'): Activity {
  const does = verb === 'stop' ? 'stops' : 'closes what it holds';
  const next = `It is tried every second. If strategy starts again before that, it obeys once more while the halt stands; after a release, ${verb} it by hand. The log of strategy says what the database refuses.`;
  const text = `${name} ${does}, as the halt says, and that can not be written down. ${next}`;
  return { level: 'ERROR', code: 'BOT_NOT_WRITTEN', text, userId, botId, data: { verb, next } };
}
