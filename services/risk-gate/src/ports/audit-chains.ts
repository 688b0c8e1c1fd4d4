import type { AuditChain, AuditCheck, AuditMark } from '@scalpstorm/contracts';

export interface AuditLook {
  readonly chain: string;
  /** Where the last look ended; null: from the beginning. */
  readonly after: AuditMark | null;
  /** What was told of the chain when its rows were new. */
  readonly anchors: readonly AuditMark[];
}

/** The chains of the audit that this service writes. */
export abstract class AuditChains {
  abstract list(): Promise<readonly AuditChain[]>;
  /** Looks at a bounded number of rows; null: there is no such chain. */
  abstract verify(look: AuditLook): Promise<AuditCheck | null>;
}
