import { Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { auditFacts } from '../domain/audit-fact.js';
import type { Principal } from '../domain/principal.js';
import { ProblemRaised } from '../domain/problem.js';
import { AuditLog } from '../ports/audit-log.js';

/** A command as it came in, through whichever door. */
export interface AskedCommand {
  readonly route: { readonly method: string; readonly path: string; readonly tag: string };
  /** Not there where anybody may ask. */
  readonly user: Principal | undefined;
  /** What was asked for, without anything that nobody reads; null where it could not be read. */
  readonly asked: () => unknown;
}

/** Whoever waits for an answer to the brake does not wait longer for its record. */
const recordMsMax = 1_000;
const askedCharactersMax = 4_000;

/** The brake, limits and states of trading: who asked for what, and what came of it, whatever stands in the way of the record. */
@Injectable()
export class AuditedCommands {
  constructor(
    private readonly audit: AuditLog,
    private readonly log: Log,
  ) {}

  async carryOut<T>({ route, user, asked: read }: AskedCommand, work: () => Promise<T>): Promise<T> {
    if (route.tag !== 'risk' || route.method === 'GET' || user === undefined) return work();
    const whole = read() ?? null;
    const text = JSON.stringify(whole);
    const asked = text.length > askedCharactersMax ? text.slice(0, askedCharactersMax) : whole;
    const note = (outcome: string) =>
      this.#note(auditFacts.riskCommand(user, `${route.method} ${route.path}`, { asked, outcome }));
    try {
      const result = await work();
      await note('done');
      return result;
    } catch (error) {
      await note(error instanceof ProblemRaised ? error.problem.code : 'unknown');
      throw error;
    }
  }

  async #note(fact: Parameters<AuditLog['record']>[0]): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const recorded = this.audit.record(fact).catch((error: unknown) => {
      this.log.error({ error, fact }, 'a command of the brake is not in the audit');
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
