import type { CycleResult } from '@scalpstorm/engine';
import type { AccountId, BotId, Cycle, UserId } from '@scalpstorm/model';
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

  async summedWith(cycle: Cycle, circle: ResultsCircle, span: Span): Promise<readonly CycleResult[]> {
    const others = (await this.within(circle, span)).filter((one) => one !== cycle);
    const { exit, completedAt } = cycle;
    return [...others.map(({ net }) => ({ net, exit, completedAt })), cycle];
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
