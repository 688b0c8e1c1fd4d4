import type { Hearing } from '@scalpstorm/bus';
import type { CrashPoint } from '../faults/crash-points.js';
import type { SimProcess } from './sim-process.js';

/** Whoever lost the right to write, does not know what was written, or can not start, ends and starts anew: that is no mistake. */
const expectedDeaths = /another writer took account|was taken by another|at COMMIT|Postgres is away/;

export const wordsOf = (cause: unknown): string =>
  cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);

export const isExpectedDeath = (cause: unknown): boolean => expectedDeaths.test(wordsOf(cause));

const heardAt: Readonly<Record<string, CrashPoint>> = {
  'risk-gate OrderRequested': 'request-heard',
  'risk-gate OrderChanged': 'gate-news-heard',
  'execution OrderApproved': 'approval-heard',
  'execution CancelRequested': 'cancel-heard',
  'execution TradingStateChanged': 'halt-heard',
  'strategy OrderChanged': 'order-news-heard',
  'strategy OrderDenied': 'denial-heard',
  'strategy TradingStateChanged': 'bots-halt-heard',
};

/** A process may die of what it hears, before it has done anything about it. */
export function mayDie(hearing: Hearing, process: SimProcess): Hearing {
  const point = heardAt[`${process.kind} ${hearing.contract.name}`];
  if (point === undefined) return hearing;
  const handle: Hearing['handle'] = async (event, context) =>
    process.reach(point) ? new Promise(() => undefined) : hearing.handle(event, context);
  return { ...hearing, handle };
}
