/** The three processes of the order lane. */
export const processKinds = ['strategy', 'risk-gate', 'execution'] as const;
export type ProcessKind = (typeof processKinds)[number];

/**
 * Where a process may die. Each is a moment at which it asks something outside of itself: `…-before-commit` is before the database
 * hears of it, `…-after-commit` is when the database has it and the process does not know; the others say it.
 */
const pointsOf = {
  strategy: [
    /** Decided, and nobody has heard of it. */
    'request-before-publish',
    /** The stream has the request; the bot that asked is not written down. */
    'strategy-asked',
    'cancel-asked',
    'order-news-heard',
    'denial-heard',
    /** A halt or a release has come. */
    'bots-halt-heard',
    'bot-before-commit',
    'bot-after-commit',
    'bots-loading',
  ],
  'risk-gate': [
    'request-heard',
    /** Reserved in memory, and nothing said. */
    'gate-judged',
    /** The stream has the verdict; its row is not written, the request not acknowledged. */
    'gate-told',
    'verdict-before-commit',
    'verdict-after-commit',
    'gate-news-heard',
    'gate-reading-books',
    'gate-books-read',
    'halt-before-commit',
    'halt-after-commit',
  ],
  execution: [
    'approval-heard',
    'mark-before-commit',
    'mark-after-commit',
    /** The request is on its way. */
    'request-left',
    /** The venue has judged it; its answer is on its way. */
    'venue-answered',
    'answer-before-commit',
    'answer-after-commit',
    'fill-heard',
    'fill-before-commit',
    'fill-after-commit',
    'end-before-commit',
    'end-after-commit',
    'cancel-heard',
    'cancel-reason-before-commit',
    'cancel-reason-after-commit',
    'cancel-left',
    'cancel-answered',
    'doubt-before-commit',
    'doubt-after-commit',
    'looked-up',
    'outbox-before-publish',
    /** The stream has it; the row is still there. */
    'outbox-published',
    'lease-taken',
    'reconcile-begun',
    'reconcile-before-commit',
    'reconcile-after-commit',
    'halt-heard',
    'plan-before-commit',
    'plan-after-commit',
  ],
} as const;

export type CrashPoint = (typeof pointsOf)[ProcessKind][number];

export const crashPoints: readonly CrashPoint[] = processKinds.flatMap((kind) => [...pointsOf[kind]]);

const kinds = new Map<CrashPoint, ProcessKind>(
  processKinds.flatMap((kind) => pointsOf[kind].map((point): [CrashPoint, ProcessKind] => [point, kind])),
);

/** Whose point it is. */
export function processOf(point: CrashPoint): ProcessKind {
  const kind = kinds.get(point);
  if (kind === undefined) throw new RangeError(`no such crash point: ${point}`);
  return kind;
}
