import { setTimeout as delay } from 'node:timers/promises';
import type { BotId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { isStoreWeather } from '@scalpstorm/store';
import type { BotChange, BotStore, Facts, StoredBot } from '../ports/bot-store.js';

/** A bot with so many cycles and activities unwritten takes no more steps of its own accord until they are. */
const unwrittenMax = 500;
/** Of its journal, in characters: what comes beyond is lost, and the journal says so. */
const unwrittenJournalMax = 500_000;
/** Of all bots with something unwritten together; each has an equal share. */
const unwrittenJournalsMax = 100_000_000;
const againFirstMs = 100;
const againMaxMs = 2_000;

interface Slot {
  /** What memory has and Postgres has not; null when they agree. */
  facts: Facts | null;
  /** The one write under way. */
  writing: Promise<void> | null;
  released: boolean;
  /** The database takes everything but this, and that was told. */
  refused: boolean;
}

export const noFacts: Facts = {
  visible: false,
  ...{ cycles: [], amended: [], activities: [], journal: [] },
  causedBy: null,
};

/**
 * What memory has and Postgres has not. Of one bot at most one write is under way, so that an older state never lands on a
 * newer one, and nothing piles up but the facts themselves while Postgres is away.
 */
export class WriteBehind {
  private readonly slots = new Map<BotId, Slot>();
  /** Those with facts: of thousands of bots few change between two rounds. */
  private readonly dirty = new Set<BotId>();
  private failing = false;
  private closed = false;

  /**
   * @param storedOf the bot as it is in memory now
   * @param journalLost rows of its journal will never be written: what comes next must not rest on them
   */
  constructor(
    private readonly store: BotStore,
    private readonly storedOf: (botId: BotId) => StoredBot,
    private readonly log: Log,
    private readonly journalLost: (botId: BotId) => void = () => undefined,
  ) {}

  note(botId: BotId, facts: Facts): void {
    const slot = this.slotOf(botId);
    slot.facts = slot.facts === null ? facts : merged(slot.facts, facts);
    this.dirty.add(botId);
  }

  noteJournal(botId: BotId, journal: Facts['journal']): void {
    const unwritten = this.slots.get(botId)?.facts?.journal ?? [];
    const size = [...unwritten, ...journal].reduce((sum, { text }) => sum + text.length, 0);
    const most = Math.min(unwrittenJournalMax, unwrittenJournalsMax / Math.max(this.dirty.size, 1));
    if (size <= most) this.note(botId, { ...noFacts, journal });
    else this.journalLost(botId);
  }

  isFull(botId: BotId): boolean {
    const facts = this.slots.get(botId)?.facts;
    return facts ? facts.cycles.length + facts.activities.length >= unwrittenMax : false;
  }

  unwritten(): readonly BotId[] {
    return [...this.dirty];
  }

  /** Resolves when Postgres has what memory has. @throws what the store throws; the facts stay unwritten then. */
  async write(botId: BotId, commandId: string | null = null): Promise<void> {
    const slot = this.slotOf(botId);
    // Of several that wait here the first begins the next write before the others look again, and they wait for that one.
    while (slot.writing !== null) await slot.writing.catch(() => undefined);
    if (slot.released || (slot.facts === null && commandId === null)) return;
    slot.writing = this.commit(botId, slot, commandId).finally(() => {
      slot.writing = null;
    });
    await slot.writing;
  }

  /**
   * For whoever must not go on before it is written, however long Postgres is away: an order event that was given up
   * would be lost. While the process stops it does not resolve at all, so the event comes again after the restart.
   */
  async writeSurely(botId: BotId): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.write(botId);
      } catch (error) {
        if (!isStoreWeather(error)) throw error;
      }
      if (this.closed) return new Promise<never>(() => undefined);
      await delay(Math.min(againFirstMs * 2 ** attempt, againMaxMs), undefined, { ref: false });
    }
  }

  /** For what nobody waits for. Does nothing while a write is under way: whoever calls again writes the rest. */
  writeSoon(botId: BotId): void {
    if (this.slotOf(botId).writing !== null) return;
    this.write(botId).catch(() => undefined);
  }

  /** Ends the writing of a bot at once; gives back what of it was not written. */
  async release(botId: BotId): Promise<Facts> {
    const slot = this.slotOf(botId);
    slot.released = true;
    this.slots.delete(botId);
    this.dirty.delete(botId);
    while (slot.writing !== null) await slot.writing.catch(() => undefined);
    return slot.facts ?? noFacts;
  }

  /** One last attempt at everything. */
  async close(withinMs: number): Promise<void> {
    this.closed = true;
    const all = Promise.allSettled(this.unwritten().map((botId) => this.write(botId)));
    await Promise.race([all, delay(withinMs, undefined, { ref: false })]);
  }

  private async commit(botId: BotId, slot: Slot, commandId: string | null): Promise<void> {
    const facts = slot.facts ?? noFacts;
    slot.facts = null;
    this.dirty.delete(botId);
    const change = { ...facts, stored: this.storedOf(botId), deleted: false };
    try {
      await this.send(commandId, change);
      slot.refused = false;
      this.told(null);
    } catch (error) {
      slot.facts = slot.facts === null ? facts : merged(facts, slot.facts);
      if (!slot.released) this.dirty.add(botId);
      if (isStoreWeather(error)) this.told(error);
      else this.tellRefused(botId, slot, error);
      throw error;
    }
  }

  /** What the database refuses is written without its journal: a bot must not stand still for that. */
  private async send(commandId: string | null, change: BotChange): Promise<void> {
    const commit = (one: BotChange) =>
      commandId === null ? this.store.commit(one) : this.store.commitCommand(commandId, one);
    try {
      await commit(change);
    } catch (error) {
      if (isStoreWeather(error) || change.journal.length === 0) throw error;
      await commit({ ...change, journal: [] });
      this.loseJournal(change.stored.bot.id, error);
    }
  }

  /** Rows that wait rest on those that are lost. */
  private loseJournal(botId: BotId, error: unknown): void {
    const slot = this.slotOf(botId);
    if (slot.facts !== null) slot.facts = { ...slot.facts, journal: [] };
    this.log.warn({ botId, error }, 'the journal of a bot can not be written; it has a gap');
    this.journalLost(botId);
  }

  /** Once, not with every attempt: nothing else stands still for it. */
  private tellRefused(botId: BotId, slot: Slot, error: unknown): void {
    if (!slot.refused)
      this.log.error({ botId, error }, 'a bot can not be written down; it runs on, and it is tried again');
    slot.refused = true;
  }

  /** Once when it begins and once when it ends, not for every bot and attempt. */
  private told(error: unknown): void {
    const failing = error !== null;
    if (failing === this.failing) return;
    this.failing = failing;
    if (failing) this.log.warn({ error }, 'bots can not be written down; they run on, and it is tried again');
    else this.log.info({}, 'bots are written down again');
  }

  private slotOf(botId: BotId): Slot {
    const known = this.slots.get(botId);
    if (known) return known;
    const slot: Slot = { facts: null, writing: null, released: false, refused: false };
    this.slots.set(botId, slot);
    return slot;
  }
}

function merged(first: Facts, second: Facts): Facts {
  return {
    cycles: [...first.cycles, ...second.cycles],
    amended: [...first.amended, ...second.amended],
    activities: [...first.activities, ...second.activities],
    journal: [...first.journal, ...second.journal],
    visible: first.visible || second.visible,
    causedBy: second.causedBy ?? first.causedBy,
  };
}
