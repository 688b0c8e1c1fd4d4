import type { AuditAnchored, AuditChain, AuditCheck, AuditMark } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { AuditFact, AuditRecordView } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';

export interface AuditLook {
  readonly chain: string;
  /** Where the last look ended; null: from the beginning. */
  readonly after: AuditMark | null;
  /** What was told of the chain when its rows were new. */
  readonly anchors: readonly AuditMark[];
}

/** Which facts; what is not there does not matter. */
export interface AuditFilter {
  readonly kind?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  /** From then on. */
  readonly since?: Timestamp | undefined;
  /** Before then. */
  readonly until?: Timestamp | undefined;
}

/** The gateway's own chain, and what every service told of its chains. */
export abstract class AuditLog {
  /** A fact that nothing else is written with; durable when it resolves. */
  abstract record(fact: AuditFact): Promise<void>;
  /** Newest first. */
  abstract records(filter: AuditFilter, page: Page): Promise<Listing<AuditRecordView>>;
  abstract chains(): Promise<readonly AuditChain[]>;
  /** Null: there is no such chain here. */
  abstract verify(look: AuditLook): Promise<AuditCheck | null>;
  /** Keeps what was told; a repeat is harmless. */
  abstract keepAnchor(anchored: AuditAnchored): Promise<void>;
  /** What was told of a chain, at most two thousand. */
  abstract anchors(service: string, chain: string): Promise<readonly AuditMark[]>;
  /** The newest of each chain that was ever told, with its time: also of one that is not there any more. */
  abstract newestAnchors(): Promise<readonly Pick<AuditAnchored, 'service' | 'chain' | 'mark'>[]>;
}
