import type { NamedBot } from './intent.js';

/** What became of one bot; `says` is empty for one that is as it was asked to be. */
export interface BotOutcome {
  readonly bot: NamedBot;
  /** Null: refused, or not known. */
  readonly observed: string | null;
  readonly says: string;
}

const linesMax = 30;

/** One line a bot; of many that obeyed only how many, so that the ones that did not are seen. */
export function outcomeLines(outcomes: readonly BotOutcome[]): string[] {
  if (outcomes.length <= linesMax) return outcomes.map(lineOf);
  const states = new Map<string, number>();
  for (const { observed } of outcomes) if (observed !== null) states.set(observed, (states.get(observed) ?? 0) + 1);
  const failed = outcomes.filter(({ observed }) => observed === null);
  const more = failed.length - linesMax;
  return [
    ...[...states].map(([state, count]) => `${count} bots: ${state}`),
    ...failed.slice(0, linesMax).map(lineOf),
    ...(more > 0 ? [`and ${more} more that did not obey, or of which it is not known. Look at /bots.`] : []),
  ];
}

const lineOf = ({ bot, observed, says }: BotOutcome): string => `${bot.name}: ${observed ?? says}`;
