import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OrderChanged } from '@scalpstorm/contracts';
import { assert, type Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type Activity,
  type Bot,
  type BotConfig,
  type BotId,
  type Cycle,
  type InstrumentId,
} from '@scalpstorm/model';
import { Log, Metrics, WallClock } from '@scalpstorm/observability';
import type { ConfiguredStrategy, ParameterFault, StrategyEvent } from '@scalpstorm/strategies';
import { endedSoFar } from '@scalpstorm/strategy-files';
import { type Advanced, advance, advanceKept, type LiveBot, type Surroundings } from '../domain/advance.js';
import { type AsideBot, storedAside } from '../domain/aside.js';
import { heardOf, keptEvent } from '../domain/kept-orders.js';
import { type BotMemory, memoryToJson } from '../domain/memory.js';
import { brokenStep, type Fault, type Runnable } from '../domain/prepare.js';
import { amend, type PriceOf } from '../domain/third-currency-fees.js';
import { AccountFunds, NoAccountFunds } from '../ports/account-funds.js';
import { BotStore, type StoredBot } from '../ports/bot-store.js';
import { Directory, Market, type WantedBars } from '../ports/directory.js';
import { AsideBots } from './aside-bots.js';
import { BotSurroundings } from './bot-surroundings.js';
import { FleetMembers, type Member } from './fleet-members.js';
import { FleetMetrics } from './fleet-metrics.js';
import { Journals } from './journals.js';
import { ModuleRests, type RuleOwner, restMs } from './module-rests.js';
import { type Cause, OrderSender, ofItself } from './order-sender.js';
import { PrepareBot } from './prepare-bot.js';
import { type Led, traceDecision } from './trace-decision.js';
import { noFacts, WriteBehind } from './write-behind.js';

/** What the next one of its kind makes good. */
const waitingKinds: ReadonlySet<StrategyEvent['kind']> = new Set(['quote', 'trade', 'prediction', 'bar', 'tick']);

/**
 * All bots of this process. A step is decided in memory and its requests leave at once: their ids are a function of the bot's
 * place in its cycle, so whoever forgets a step repeats it under the same ids. Writing follows behind.
 *
 * A bot that can not be run, or whose strategy breaks a rule of its own, is set aside: the others go on, its orders are counted
 * and kept, and its strategy hears of them when it runs again.
 */
@Injectable()
export class Fleet {
  readonly writes: WriteBehind;
  private readonly members: FleetMembers;
  readonly aside: AsideBots;
  private readonly around: BotSurroundings;
  private readonly figures: FleetMetrics;
  private isTurnOver = false;
  private readonly modules = new ModuleRests();

  constructor(
    private readonly orders: OrderSender,
    private readonly store: BotStore,
    market: Market,
    private readonly directory: Directory,
    private readonly clock: WallClock,
    private readonly log: Log,
    metrics: Metrics,
    funds: AccountFunds = new NoAccountFunds(),
    private readonly journals: Journals = new Journals('off', log),
    private readonly preparing: PrepareBot = new PrepareBot(),
  ) {
    this.members = new FleetMembers(market);
    this.writes = new WriteBehind(
      store,
      (botId) => this.storedOf(botId),
      log,
      (botId) => journals.lost(botId),
    );
    this.around = new BotSurroundings({ market, directory, funds });
    this.aside = new AsideBots({ orders, writes: this.writes, clock, log });
    this.figures = new FleetMetrics(metrics, () => this.everyBot());
  }

  get(botId: BotId): LiveBot | null {
    return this.members.get(botId)?.live ?? null;
  }

  /** Of its parameters, as they were checked when it joined or was edited. */
  warningsOf(botId: BotId): readonly ParameterFault[] {
    return this.members.get(botId)?.configured.warnings ?? [];
  }

  /** As it runs; null for a bot that does not run here. */
  configuredOf(botId: BotId): ConfiguredStrategy | null {
    return this.members.get(botId)?.configured ?? null;
  }

  /** Why it opens nothing and can not be started; null for one that may, and for one that does not run here. */
  withheldOf(botId: BotId): Fault | null {
    return this.members.get(botId)?.withheld ?? null;
  }

  /** The version since which name and parameters did not change; null for a bot that does not run here. */
  configuredAt(botId: BotId): number | null {
    return this.members.get(botId)?.configuredAt ?? null;
  }

  all(): readonly LiveBot[] {
    return Array.from(this.members.all(), ({ live }) => live);
  }

  /** Its row could not be read, so nothing can be counted for it: whoever has news of it must keep it. */
  isUnreadable(botId: BotId): boolean {
    return this.store.unreadable.has(botId);
  }

  /** Those to whom the next price of the instrument can matter. */
  heeding(instrumentId: InstrumentId): Iterable<BotId> {
    return this.members.heeding(instrumentId);
  }

  /** Those of an instrument that trade on what the model says. */
  onModel(instrumentId: InstrumentId, model: string): readonly BotId[] {
    return this.members.onModel(instrumentId, model);
  }

  /** There is one more closed bar, or more of their history. */
  hearBars({ instrumentId, timeframe }: WantedBars, cause: Cause): void {
    const now = this.clock.now();
    for (const botId of this.members.onBars(instrumentId, timeframe)) {
      if (this.step(botId, { kind: 'bar' }, cause, now)) this.writes.writeSoon(botId);
    }
  }

  /** Of the bots that size by what they hold. */
  sizingAccounts(): ReadonlySet<AccountId> {
    return this.members.sizingAccounts();
  }

  /** Takes a bot in, or in again after its configuration changed. */
  join(bot: Bot, memory: BotMemory, runnable: Runnable): void {
    this.aside.remove(bot.id);
    const live = { bot, memory: withVersion(memory, runnable), wakeAt: null };
    this.members.join({ ...runnable, live, configuredAt: bot.version }, bot.config.instrumentId);
  }

  /** Every stored bot that can be run. @throws NoAnswer when one needs market-data to say what its instrument is */
  async load(): Promise<void> {
    for (const stored of await this.store.loadAll()) await unhurried(() => this.takeIn(stored));
    this.log.info({ bots: this.members.size, leftOut: this.aside.all().length }, 'bots loaded');
  }

  /** Those that may run, or open again, by themselves in a moment. */
  waiting(): readonly BotId[] {
    const withheld = [...this.members.all()].filter((member) => member.withheld?.passing === true);
    return [...this.aside.waiting(), ...withheld.map(({ live }) => live.bot.id)];
  }

  /** Tries once more one that waits. True where it runs now, and may open: whoever asks restores it before anything else is tried. */
  tryAgain(botId: BotId): Promise<boolean> {
    return unhurried(() => (this.members.has(botId) ? this.releaseWithheld(botId) : this.takeBack(botId)));
  }

  /** Tries to run one that was set aside. Its kept orders must be told to it next. */
  async takeBack(botId: BotId): Promise<boolean> {
    const aside = this.aside.get(botId);
    return aside === null ? false : this.takeIn(storedAside(aside));
  }

  /** False when it can not be run: it is set aside then. What was kept for it while others were asked is not lost. */
  async takeIn(stored: StoredBot): Promise<boolean> {
    const { config, id } = stored.bot;
    if (this.members.has(id)) return true;
    const before = this.aside.get(id);
    this.journals.open(id, stored.journalled);
    const instrument = stored.instrument ?? (await this.directory.instrument(config.instrumentId, config.accountId));
    const prepared = await this.preparing.prepare(stored, instrument);
    const present = this.aside.get(id);
    if (this.members.has(id)) return true;
    if (present !== before) return present?.fault ? this.takeIn(withNews(stored, present)) : false;
    if (prepared.ok) this.join(stored.bot, prepared.memory, prepared.runnable);
    else this.aside.set({ bot: stored.bot, memory: prepared.memory, instrument: stored.instrument }, prepared.fault);
    return prepared.ok;
  }

  /** Looks once more whether one that opens nothing may. False where it may not: what keeps it from that may be another thing then. */
  async releaseWithheld(botId: BotId): Promise<boolean> {
    const before = this.members.get(botId);
    if (before?.withheld === undefined) return false;
    const prepared = await this.preparing.prepare(this.storedOf(botId), before.instrument);
    if (this.members.get(botId) !== before) return false;
    const runnable = prepared.ok ? prepared.runnable : { ...before, withheld: prepared.fault };
    if (runnable.withheld?.code !== before.withheld.code) this.runAs(before, runnable);
    return runnable.withheld === undefined;
  }

  /** It may trade live by this version of its rule. */
  certify(botId: BotId, certified: string): void {
    const member = this.members.of(botId);
    this.runAs(member, { ...member, certified });
  }

  private runAs(member: Member, runnable: Runnable): void {
    const { live, configuredAt } = member;
    const memory = withVersion(live.memory, runnable);
    this.members.join({ ...runnable, live: { ...live, memory }, configuredAt }, live.bot.config.instrumentId);
  }

  /** The bot's record changed by a user's word; its strategy hears of it through `step`. */
  setBot(botId: BotId, bot: Bot, activities: readonly Activity[] = []): void {
    const member = this.members.of(botId);
    member.live = { ...member.live, bot: { ...bot, version: member.live.bot.version + 1 } };
    this.writes.note(botId, { ...noFacts, visible: true, activities });
  }

  /** The strategy keeps its memory: cycles go on counting, so no order id is ever used twice. */
  reconfigure(botId: BotId, config: BotConfig, runnable: Runnable): void {
    const { live: before } = this.members.of(botId);
    const live = { ...before, memory: withVersion(before.memory, runnable) };
    this.members.join({ ...runnable, live, configuredAt: live.bot.version + 1 }, config.instrumentId);
    this.journals.edited(botId);
  }

  /**
   * One event through one bot. Returns whether anything changed; nothing is awaited. A bot of which too much is not written hears
   * no market and no time, and none does while the lease is not held; they catch up when Postgres is back. Nor does one in the turn in
   * which a rule did not end, and hears it in the next; one whose rule is a module hears of bars a little later.
   * @param now the same for all bots that hear the same event, so that what they count their prices from is counted once
   */
  step(botId: BotId, event: StrategyEvent, cause: Cause, now = this.clock.now()): boolean {
    const member = this.members.get(botId);
    if (!member) return false;
    const canWait = waitingKinds.has(event.kind);
    if (canWait && (this.writes.isFull(botId) || !this.orders.maySpeak || this.isTurnOver)) return false;
    const endedBefore = endedSoFar();
    const began = performance.now();
    const step = () => advance(member.live, event, this.aroundOf(member, now));
    const changed = this.take(member, { ...cause, event: event.kind, began }, step);
    if (changed) this.figures.stepped(event.kind, began);
    if (endedSoFar() !== endedBefore) this.endTurn(member);
    return changed;
  }

  /** A rule that did not end took seconds: before the next one may, whatever else waits has its turn, the lease above all. */
  private endTurn(member: Member): void {
    this.modules.looped(ownerOf(member), performance.now());
    this.isTurnOver = true;
    setImmediate(() => {
      this.isTurnOver = false;
    });
  }

  /** Of a module that rests the bars are not known; all else goes on, above all what closes. */
  private aroundOf(member: Member, now: Timestamp): Surroundings {
    const around = this.around.of(member.live, member, now);
    const isModule = member.configured.rule?.code !== undefined;
    return isModule && this.modules.rests(ownerOf(member), performance.now()) ? { ...around, bars: null } : around;
  }

  /** A stored cycle, fees of which have a price now. False when nothing of it is new, or its bot does not run here. */
  amend(cycle: Cycle, priceOf: PriceOf): boolean {
    const member = this.members.get(cycle.botId);
    const amended = member ? amend(member.live.bot, cycle, priceOf) : null;
    if (!member || amended === null) return false;
    member.live = { ...member.live, bot: amended.bot };
    this.writes.note(cycle.botId, { ...noFacts, visible: true, ...amended.facts });
    return true;
  }

  /** What became of an order: heard by a bot that runs, kept for one that does not, or that does not any more after it. */
  hearOrder(botId: BotId, changed: OrderChanged): void {
    this.around.heard(changed, this.clock.now());
    this.step(botId, heardOf(changed), { eventId: changed.meta.eventId, marketAt: null });
    this.aside.keep(botId, changed);
  }

  /** What was kept for a bot is told to it, oldest first. */
  tellKept(botId: BotId): void {
    for (let member = this.members.get(botId); member; member = this.members.get(botId)) {
      const { live } = member;
      const [kept] = live.memory.kept;
      if (!kept) return;
      const around = this.around.of(live, member, this.clock.now());
      const led = { ...ofItself, event: 'order-changed', began: performance.now() } as const;
      this.take(member, led, () => advanceKept(live, heardOf(keptEvent(kept)), around));
    }
  }

  /** Resolves when Postgres has what memory has of the bot, however long that takes; at once for one that is not here. */
  async written(botId: BotId): Promise<void> {
    if (this.members.has(botId) || this.aside.get(botId)) await this.writes.writeSurely(botId);
  }

  /** What a user must hear of a bot whose own row can not be written. Durable when it resolves. */
  tell(activity: Activity): Promise<void> {
    return this.store.tell(activity);
  }

  /** Deletes it, together with what was not written of it. @throws what the store throws; the bot is back then. */
  async delete(botId: BotId, commandId: string, activity: Activity): Promise<Bot> {
    const member = this.members.get(botId);
    const before = this.aside.get(botId);
    const stored = this.storedOf(botId);
    const gone: Bot = { ...stored.bot, version: stored.bot.version + 1 };
    const memory = member?.live.memory ?? before?.memory;
    assert(memory !== undefined, `bot ${botId} is not of this process`);
    this.members.leave(botId);
    this.aside.put({ bot: stored.bot, memory, instrument: stored.instrument, fault: null });
    const facts = await this.writes.release(botId);
    try {
      const told = { ...facts, journal: [], visible: true, activities: [...facts.activities, activity] };
      await this.store.commitCommand(commandId, { ...told, stored: { ...stored, bot: gone }, deleted: true });
    } catch (error) {
      if (member) this.join(member.live.bot, member.live.memory, member);
      else if (before) this.aside.put(before);
      if (facts !== noFacts) this.writes.note(botId, facts);
      throw error;
    }
    this.forget(botId);
    return gone;
  }

  /** It is deleted in the record. */
  forget(botId: BotId): void {
    this.members.leave(botId);
    this.aside.remove(botId);
    this.journals.forget(botId);
  }

  /** A step in which the strategy breaks a rule of its own did not happen; the bot is set aside as it was before. */
  private take(member: Member, led: Led, work: () => Advanced): boolean {
    const { live: before } = member;
    const { bot } = before;
    const advanced = this.attempt(bot.id, work);
    if (advanced === null) return true;
    member.live = advanced.live;
    if (!advanced.changed) return false;
    this.members.seat(member);
    const { cycles, activities, visible, placements, cancels } = advanced;
    this.writes.note(bot.id, { ...noFacts, cycles, activities, visible, causedBy: led.eventId });
    this.figures.said(advanced, led.marketAt, this.clock.now());
    if (placements.length + cancels.length > 0) {
      traceDecision({ bot, placements, cancels, led }, () => {
        for (const placement of placements) this.orders.place(placement, led);
        for (const cancel of cancels) this.orders.cancel(bot.config.accountId, cancel, led);
      });
    }
    // Behind what leaves: nobody waits for it. What keeps it from opening is no part of its journal, which has a gap there.
    if (member.withheld !== undefined) this.journals.lost(bot.id);
    else this.writes.noteJournal(bot.id, this.journals.rowsOf(before, advanced.taken));
    return true;
  }

  private attempt(botId: BotId, work: () => Advanced): Advanced | null {
    try {
      return work();
    } catch (error) {
      const { live, instrument } = this.members.of(botId);
      this.log.error({ botId, error }, 'a bot broke an invariant and is set aside');
      this.members.leave(botId);
      this.aside.set({ bot: live.bot, memory: live.memory, instrument }, brokenStep(error));
      return null;
    }
  }

  private storedOf(botId: BotId): StoredBot {
    const aside = this.aside.get(botId);
    if (aside) return storedAside(aside);
    const { live, instrument } = this.members.of(botId);
    return { bot: live.bot, state: memoryToJson(live.memory), instrument };
  }

  private *everyBot(): Iterable<Bot> {
    for (const { live } of this.members.all()) yield live.bot;
    for (const { bot } of this.aside.all()) yield bot;
  }
}

/** Behind a rule that did not end: the lease is renewed before anything else is tried. */
async function unhurried<Value>(work: () => Promise<Value>): Promise<Value> {
  const before = endedSoFar();
  const value = await work();
  if (endedSoFar() !== before) await delay(restMs);
  return value;
}

const ownerOf = ({ live, configured }: Member): RuleOwner => ({
  userId: live.bot.userId,
  code: configured.rule?.code ?? '',
});

/** As it is to be taken in, with what it has lived through since. */
function withNews(stored: StoredBot, aside: AsideBot): StoredBot {
  const { bot, state, instrument } = storedAside(aside);
  const version = Math.max(bot.version, stored.bot.version);
  return { ...stored, state, instrument, bot: { ...bot, config: stored.bot.config, version } };
}

const withVersion = (memory: BotMemory, { certified }: Runnable): BotMemory =>
  certified === undefined || certified === memory.certified ? memory : { ...memory, certified };
