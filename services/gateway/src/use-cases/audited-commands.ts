import { Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { type AuditedKind, auditFacts, type CommandTold } from '../domain/audit-fact.js';
import type { Principal } from '../domain/principal.js';
import { ProblemRaised } from '../domain/problem.js';
import { AuditLog } from '../ports/audit-log.js';

/** That a command is in the audit, and with what beside that it was asked for. */
export interface Audited<Reply = never> {
  readonly kind: AuditedKind;
  /** What the audit keeps of the answer; null: this one is none of its business, as a heart-beat. */
  readonly tell?: (reply: Reply) => Readonly<Record<string, unknown>> | null;
}

/** A command as it came in, through whichever door. */
export interface AskedCommand {
  readonly route: { readonly method: string; readonly path: string; readonly audited: Audited | null };
  /** Not there where anybody may ask. */
  readonly user: Principal | undefined;
  /** What was asked for, without anything that nobody reads; null where it could not be read. */
  readonly asked: () => unknown;
}

/** Whoever waits for an answer to the brake does not wait longer for its record. */
const recordMsMax = 1_000;
const askedCharactersMax = 4_000;

/** Commands that people answer for: who asked for what, and what came of it, whatever stands in the way of the record. */
@Injectable()
export class AuditedCommands {
  constructor(
    private readonly audit: AuditLog,
    private readonly log: Log,
  ) {}

  async carryOut<T>({ route, user, asked: read }: AskedCommand, work: () => Promise<T>): Promise<T> {
    const { audited } = route;
    if (audited === null || user === undefined) return work();
    const whole = read() ?? null;
    const text = JSON.stringify(whole);
    const asked = text.length > askedCharactersMax ? text.slice(0, askedCharactersMax) : whole;
    const note = (told: Omit<CommandTold, 'asked'>) =>
      this.#note(
        auditFacts.command(audited.kind, user, `${route.method} ${route.path}`, { asked, outcome: '', ...told }),
      );
    try {
      const result = await work();
      const kept = audited.tell === undefined ? {} : audited.tell(result as never);
      if (kept !== null) await note({ ...kept, outcome: 'done' });
      return result;
    } catch (error) {
      await note({ outcome: error instanceof ProblemRaised ? error.problem.code : 'unknown' });
      throw error;
    }
  }

  async #note(fact: Parameters<AuditLog['record']>[0]): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const recorded = this.audit.record(fact).catch((error: unknown) => {
      this.log.error({ error, fact }, 'a command is not in the audit');
    });
    await Promise.race([
      recorded,
      new Promise((resolve) => {
        late = setTimeout(resolve, recordMsMax);
      }),
    ]);
    clearTimeout(late);
  }
}
