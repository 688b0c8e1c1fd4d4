import { Injectable } from '@nestjs/common';
import { Bus, NoAnswer } from '@scalpstorm/bus';
import {
  type AuditChain,
  type AuditFault,
  type AuditMark,
  type AuditRequest,
  executionAuditQuestion,
  riskAuditQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { AuditRecordView } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { Anomalies, type AnomalyFilter, type KnownAnomaly } from '../ports/anomalies.js';
import { type AuditFilter, AuditLog } from '../ports/audit-log.js';
import { accepted } from './refusals.js';

export const auditServices = ['execution', 'risk-gate', 'gateway'] as const;
export type AuditService = (typeof auditServices)[number];

/** Whose facts are kept as records here; what other services decided stands in their own tables, and with each order. */
export const readableChains = ['gateway/access'] as const;

export interface AuditChainView {
  readonly service: AuditService;
  /** Empty: its service did not answer, and has told of none. */
  readonly chain: string;
  /** Null: nobody answered for it, or there is no row. */
  readonly head: AuditMark | null;
  readonly checkpoint: AuditMark | null;
  /** What was told outside of the table last. */
  readonly anchor: AuditMark | null;
  readonly unchained: number;
  /** False: its service did not answer. */
  readonly answered: boolean;
}

export interface AuditWish {
  readonly service: AuditService;
  readonly chain: string;
  /** Where the last answer ended, as it said; null: from the beginning. */
  readonly after: AuditMark | null;
  /** Kept by whoever asks, outside of the platform. */
  readonly anchors: readonly AuditMark[];
}

export interface AuditCheckView {
  readonly service: AuditService;
  readonly chain: string;
  readonly rows: number;
  readonly from: AuditMark;
  readonly last: AuditMark;
  readonly complete: boolean;
  /** So many anchors were held against this part. */
  readonly anchors: number;
  readonly fault: AuditFault | null;
}

export type AnomalyView = ReturnType<typeof anomalyView>;
const anomalyView = ({ id, rule, subject, userId, text, evidence, foundAt }: KnownAnomaly) => ({
  id: id.toString(),
  at: Timestamp.toIso(foundAt),
  rule,
  subject,
  user: userId as string | null,
  text,
  evidence,
});

const questionOf = { execution: executionAuditQuestion, 'risk-gate': riskAuditQuestion } as const;
/** Some thousand rows are read and hashed for an answer. */
const verifyTimeoutMs = 15_000;

/** Whether what happened is still written down as it was. */
@Injectable()
export class Audit {
  constructor(
    private readonly bus: Bus,
    private readonly log: AuditLog,
    private readonly anomalies: Anomalies,
  ) {}

  /** What the rules found unusual, newest first. */
  async found(filter: AnomalyFilter, page: Page): Promise<Listing<AnomalyView>> {
    const listing = await this.anomalies.list(filter, page);
    return { ...listing, data: listing.data.map(anomalyView) };
  }

  records(filter: AuditFilter, page: Page): Promise<Listing<AuditRecordView>> {
    return this.log.records(filter, page);
  }

  async chains(): Promise<readonly AuditChainView[]> {
    const anchors = await this.log.newestAnchors();
    const views: AuditChainView[] = [];
    for (const service of auditServices) {
      const told = anchors.filter((anchor) => anchor.service === service);
      const anchorOf = (chain: string) => told.find((anchor) => anchor.chain === chain)?.mark ?? null;
      const chains = await this.#chainsOf(service);
      for (const chain of chains ?? [])
        views.push({ service, ...chain, anchor: anchorOf(chain.chain), answered: true });
      // One that was anchored and is not there any more, or of a service that is away, must not be forgotten.
      const known = new Set(chains?.map(({ chain }) => chain));
      const gone = told.filter((anchor) => !known.has(anchor.chain));
      const absent = { service, head: null, checkpoint: null, unchained: 0, answered: chains !== null };
      for (const { chain, mark } of gone) views.push({ ...absent, chain, anchor: mark });
      if (chains === null && gone.length === 0) views.push({ ...absent, chain: '', anchor: null });
    }
    return views;
  }

  async verify({ service, chain, after, anchors: own }: AuditWish): Promise<AuditCheckView> {
    const kept = await this.log.anchors(service, chain);
    const anchors = [...kept, ...own];
    const look = { chain, after, anchors };
    const check = service === 'gateway' ? await this.log.verify(look) : await this.#asked(service, look);
    if (check === null) return goneOf(service, chain, anchors);
    const held = anchors.filter(({ sequence }) => sequence > check.from.sequence && sequence <= check.last.sequence);
    return { service, chain, ...check, anchors: held.length };
  }

  async #asked(
    service: Exclude<AuditService, 'gateway'>,
    look: Omit<Extract<AuditRequest, { chain: string }>, 'kind'>,
  ) {
    const request = { kind: 'verify' as const, ...look };
    const answer = await this.bus.ask(questionOf[service], request, verifyTimeoutMs);
    if (!answer.ok && answer.refusals.every(({ code }) => code === 'CHAIN_NOT_FOUND')) return null;
    const value = accepted(answer);
    return value.kind === 'checked' ? value.check : null;
  }

  /** Null: it did not answer. */
  async #chainsOf(service: AuditService): Promise<readonly AuditChain[] | null> {
    if (service === 'gateway') return this.log.chains();
    try {
      const value = accepted(await this.bus.ask(questionOf[service], { kind: 'chains' }));
      return value.kind === 'chains' ? value.chains : [];
    } catch (error) {
      if (error instanceof NoAnswer) return null;
      throw error;
    }
  }
}

const beforeAll: AuditMark = { sequence: 0, hash: '0'.repeat(64) };

/**
 * A chain that was anchored and is not there any more lacks all of its rows.
 * @throws ProblemRaised NOT_FOUND for one of which nobody has ever told
 */
function goneOf(service: AuditService, chain: string, anchors: readonly AuditMark[]): AuditCheckView {
  if (anchors.length === 0) throw new ProblemRaised(problems.notFound('chain'));
  const through = Math.max(...anchors.map(({ sequence }) => sequence));
  const fault: AuditFault = {
    kind: 'missing',
    sequence: 1,
    about: '',
    text: `the whole chain is gone, and it had row ${through}`,
    next: 'Find out who can write to that database, and compare with a back-up from before.',
  };
  return { service, chain, rows: 0, from: beforeAll, last: beforeAll, complete: true, anchors: 0, fault };
}
