import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { strictestOf, type TradingInForce, untouched } from '@scalpstorm/engine';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Bot, type BotId, RiskScope } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
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
    if (!isLate) return;
    // Not before: while it can not be written, what waits behind it is not heard.
    if (this.words.get(whose)?.isObeyed === false) this.waiting.add(whose);
    this.awaitQuiet(quietFor);
  }

  /** Obeys what stands now that it is quiet. @throws nothing; what could not be written is written in a later round */
  async round(): Promise<void> {
    if (this.busy || !this.isQuiet()) return;
    this.busy = true;
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
    const written = await this.write(whose);
    if (this.words.get(whose) === written) this.waiting.delete(whose);
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

  /** What bots did first: a word that is kept as obeyed is not obeyed again. */
  private async write(whose: string): Promise<TradingWord | undefined> {
    const word = this.words.get(whose);
    if (word === undefined) return undefined;
    if (word.isObeyed && verbOf(word) !== null) {
      const all = [...this.fleet.all(), ...this.fleet.aside.all()];
      const within = all.filter(({ bot }) => isIn(bot, whose));
      await Promise.all(within.map(({ bot }) => this.fleet.writes.write(bot.id)));
    }
    await this.halts.keep(word);
    return word;
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
