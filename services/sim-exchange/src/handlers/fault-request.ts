import type { FaultAnswer } from './fault-answer.js';
import type { RequestPlan } from './fault-switch.js';

/** What a door can do with a request; how it is told is the door's own matter. */
export interface RequestHandling<Answer> {
  execute(): Answer;
  answer(answer: Answer): void;
  /** Answers with what the fault says instead. */
  answerInstead(answer: FaultAnswer): void;
  /** Ends the connection without a word. */
  cut(): void;
}

/** Carries a request out as its plan wants it; without a plan at once and as usual. */
export function carryOut<Answer>(plan: RequestPlan | null, handling: RequestHandling<Answer>): void {
  if (plan === null) {
    handling.answer(handling.execute());
    return;
  }
  later(plan.delayMs, () => {
    const { ending } = plan;
    if (ending === null) {
      handling.answer(handling.execute());
      return;
    }
    if (ending.executes) later(ending.executesAfterMs, () => handling.execute());
    if (ending.answer === 'cut') handling.cut();
    else if (ending.answer !== 'silence') handling.answerInstead(ending.answer);
  });
}

/** Unreferenced: what a fault holds back must not hold the process back. */
function later(delayMs: number, action: () => void): void {
  if (delayMs === 0) action();
  else setTimeout(action, delayMs).unref();
}
