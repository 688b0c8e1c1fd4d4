import { type Swept, sweptLines } from './swept.js';

/** What the shell gets; stable, so that scripts may rely on it. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** The platform said no: the request is wrong, forbidden, or not possible now. */
  refused: 3,
  unreachable: 4,
  notLoggedIn: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface Fault {
  /** JSON pointer; empty when no single field is to blame. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly allowed: string;
  readonly next: string;
}

/** Something that ends the command: what was wrong, where, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  readonly next: string;
  readonly faults: readonly Fault[];
  readonly requestId: string | null;
  /** Of a halt that was not confirmed: what was done all the same. */
  readonly swept: Swept | null;

  constructor(
    readonly code: string,
    message: string,
    details: {
      readonly exitCode?: ExitCode;
      readonly next?: string;
      readonly faults?: readonly Fault[];
      readonly requestId?: string | null;
      readonly swept?: Swept | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.exitCode = details.exitCode ?? exitCodes.failed;
    this.next = details.next ?? '';
    this.faults = details.faults ?? [];
    this.requestId = details.requestId ?? null;
    this.swept = details.swept ?? null;
  }
}

export const usageFailure = (code: string, message: string, next: string): Failure =>
  new Failure(code, message, { exitCode: exitCodes.usage, next });

/** For people, on stderr. */
export function failureText(failure: Failure): string {
  const lines = [`${failure.code}: ${failure.message}`, ...(failure.swept === null ? [] : sweptLines(failure.swept))];
  for (const { pointer, code, detail, allowed, next } of failure.faults) {
    // A fault without a field repeats what the first line says.
    if (pointer !== '') lines.push(`  ${pointer}: ${detail}${code === failure.code ? '' : ` (${code})`}`);
    if (allowed !== '') lines.push(`    allowed: ${allowed}`);
    if (next !== '') lines.push(`    → ${next}`);
  }
  if (failure.next !== '') lines.push(`  → ${failure.next}`);
  if (failure.requestId !== null) lines.push(`  request ${failure.requestId}`);
  return lines.join('\n');
}

/** For programs, on stdout with --json. */
export const failureJson = ({ code, message, next, faults, requestId, swept }: Failure): string =>
  JSON.stringify({ error: { code, text: message, next, errors: faults, requestId, ...swept } });
