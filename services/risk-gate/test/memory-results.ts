import type { CycleResult } from '@scalpstorm/engine';
import type { AccountId, BotId, Cycle, Mode, UserId } from '@scalpstorm/model';
import { CycleResults, type ResultsCircle, type Span } from '../src/ports/cycle-results.js';

interface Noted {
  readonly userId: UserId;
  readonly cycle: Cycle;
  readonly accountId?: AccountId | undefined;
}

/** Results of cycles that need no Postgres. */
export class MemoryResults extends CycleResults {
  private readonly noted: Noted[] = [];

  async note(userId: UserId, cycle: Cycle, accountId?: AccountId): Promise<void> {
    this.noted.push({ userId, cycle, accountId });
  }

  async ofBot(botId: BotId, span: Span): Promise<readonly CycleResult[]> {
    return this.found(span, ({ cycle }) => cycle.botId === botId);
  }

  async ofUser(userId: UserId, mode: Mode, span: Span): Promise<readonly CycleResult[]> {
    return this.found(span, (one) => one.userId === userId && one.cycle.mode === mode);
  }

  async within({ mode, ...circle }: ResultsCircle, span: Span): Promise<readonly CycleResult[]> {
    return this.found(
      span,
      ({ userId, accountId, cycle }) =>
        cycle.mode === mode &&
        (circle.accountId === undefined || circle.accountId === accountId) &&
        (circle.userId === undefined || circle.userId === userId) &&
        (circle.instrumentId === undefined || circle.instrumentId === cycle.instrumentId),
    );
  }

  async prune(): Promise<number> {
    return 0;
  }

  private found({ since, until }: Span, isMeant: (noted: Noted) => boolean): readonly CycleResult[] {
    return this.noted
      .filter(isMeant)
      .map(({ cycle }) => cycle)
      .filter(({ completedAt }) => completedAt >= since && completedAt <= until)
      .toSorted((left, right) => left.completedAt - right.completedAt);
  }
}
