import type { CycleResult } from '@scalpstorm/engine';
import type { BotId, Cycle, Mode, UserId } from '@scalpstorm/model';
import { CycleResults, type Span } from '../src/ports/cycle-results.js';

/** Results of cycles that need no Postgres. */
export class MemoryResults extends CycleResults {
  private readonly noted: { readonly userId: UserId; readonly cycle: Cycle }[] = [];

  async note(userId: UserId, cycle: Cycle): Promise<void> {
    this.noted.push({ userId, cycle });
  }

  async ofBot(botId: BotId, span: Span): Promise<readonly CycleResult[]> {
    return this.within(span, ({ cycle }) => cycle.botId === botId);
  }

  async ofUser(userId: UserId, mode: Mode, span: Span): Promise<readonly CycleResult[]> {
    return this.within(span, (one) => one.userId === userId && one.cycle.mode === mode);
  }

  async prune(): Promise<number> {
    return 0;
  }

  private within(
    { since, until }: Span,
    isMeant: (noted: { readonly userId: UserId; readonly cycle: Cycle }) => boolean,
  ): readonly CycleResult[] {
    return this.noted
      .filter(isMeant)
      .map(({ cycle }) => cycle)
      .filter(({ completedAt }) => completedAt >= since && completedAt <= until)
      .toSorted((left, right) => left.completedAt - right.completedAt);
  }
}
