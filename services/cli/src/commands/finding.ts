import { Failure } from '../failure.js';

export type Verdict = 'ok' | 'warn' | 'fail';

/** What the doctor found out about one thing. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly text: string;
  /** Empty when all is well. */
  readonly next: string;
}

export const ok = (check: string, text: string): Finding => ({ check, verdict: 'ok', text, next: '' });
export const warn = (check: string, text: string, next: string): Finding => ({ check, verdict: 'warn', text, next });
export const fail = (check: string, text: string, next: string): Finding => ({ check, verdict: 'fail', text, next });

export function failed(check: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error;
  const next = error.next !== '' ? error.next : (error.faults[0]?.next ?? 'read its log');
  return fail(check, `${error.code}: ${error.message}`, next);
}
