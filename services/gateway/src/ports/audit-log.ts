import type { AuditAnchored, AuditChain, AuditCheck, AuditMark } from '@scalpstorm/contracts';
import type { AuditFact } from '../domain/audit-fact.js';

export interface AuditLook {
  readonly chain: string;
  /** Where the last look ended; null: from the beginning. */
  readonly after: AuditMark | null;
  /** What was told of the chain when its rows were new. */
  readonly anchors: readonly AuditMark[];
}

/** The gateway's own chain, and what every service told of its chains. */
export abstract class AuditLog {
  /** A fact that nothing else is written with; durable when it resolves. */
  abstract record(fact: AuditFact): Promise<void>;
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
