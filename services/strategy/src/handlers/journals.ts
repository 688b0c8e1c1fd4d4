import type { Bot, BotId, Mode } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { JournalPen, type TakenStep, type WrittenRow } from '@scalpstorm/strategies';
import type { LiveBot } from '../domain/advance.js';

export const journalKinds = ['off', 'demo', 'all'] as const;
/** `demo`: of bots that trade in demo or paper mode; `all`: of live ones, too. */
export type JournalKind = (typeof journalKinds)[number];

/** What the steps of each bot are written down as; nothing here is waited for, and nothing that goes wrong here stops a bot. */
export class Journals {
  private readonly pens = new Map<BotId, JournalPen>();

  constructor(
    private readonly kept: JournalKind,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** A bot is taken in, or in again. @param last the number of the last row that the record has */
  open(botId: BotId, last = 0): void {
    const pen = this.pens.get(botId);
    if (pen) pen.begin('start');
    else this.pens.set(botId, new JournalPen(last));
  }

  /** Its parameters are others from the next step on. */
  edited(botId: BotId): void {
    this.pens.get(botId)?.begin('edit');
  }

  /** Rows were not written and never will be. */
  lost(botId: BotId): void {
    this.pens.get(botId)?.begin('gap');
  }

  forget(botId: BotId): void {
    this.pens.delete(botId);
  }

  /** The rows of a step that a bot has taken; none where it keeps no journal. */
  rowsOf({ bot, memory }: LiveBot, taken: TakenStep | null): readonly WrittenRow[] {
    if (taken === null || !this.keeps(bot.config.mode)) return [];
    try {
      return this.penOf(bot).note({ ...bot.config, state: memory.strategy }, taken);
    } catch (error) {
      this.log.warn({ botId: bot.id, error }, 'a step could not be written down; its journal has a gap');
      this.lost(bot.id);
      return [];
    }
  }

  private keeps(mode: Mode): boolean {
    return this.kept !== 'off' && (this.kept === 'all' || mode !== 'live');
  }

  private penOf({ id }: Bot): JournalPen {
    const pen = this.pens.get(id) ?? new JournalPen();
    this.pens.set(id, pen);
    return pen;
  }
}
