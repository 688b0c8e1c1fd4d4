import { Injectable } from '@nestjs/common';
import type { AuditAnchored, AuditChain, AuditCheck, AuditMark } from '@scalpstorm/contracts';
import { AuditTrail, type MarkRow, markOf, Store, verifyChain } from '@scalpstorm/store';
import type { AuditFact } from '../domain/audit-fact.js';
import { AuditLog, type AuditLook } from '../ports/audit-log.js';

/** Of a chain; the newest are kept. */
const anchorsMax = 2_000;

interface AnchorRow extends MarkRow {
  readonly service: string;
  readonly chain: string;
}

/** The chain `access` in the schema of the gateway, and beside it what all services told of theirs. */
@Injectable()
export class PostgresAuditLog extends AuditLog {
  constructor(
    private readonly store: Store,
    private readonly trail: AuditTrail,
  ) {
    super();
  }

  record(fact: AuditFact): Promise<void> {
    return this.trail.record(fact);
  }

  async chains(): Promise<readonly AuditChain[]> {
    const { trail } = this;
    return [{ chain: trail.chain, checkpoint: await trail.checkpoint(), head: await trail.head(), unchained: 0 }];
  }

  async verify({ chain, after, anchors }: AuditLook): Promise<AuditCheck | null> {
    return chain === this.trail.chain ? verifyChain(this.trail, { after, anchors }) : null;
  }

  async keepAnchor({ service, chain, mark, meta }: AuditAnchored): Promise<void> {
    await this.store.transaction(async (tx) => {
      await tx`
        INSERT INTO audit_anchors (service, chain, sequence, hash, anchored_at)
        VALUES (${service}, ${chain}, ${mark.sequence}, decode(${mark.hash}, 'hex'), ${meta.recordedAt})
        ON CONFLICT DO NOTHING`;
      await tx`SELECT set_config('scalpstorm.pruning', 'on', true)`;
      await tx`
        DELETE FROM audit_anchors WHERE service = ${service} AND chain = ${chain} AND sequence <= (
          SELECT sequence FROM audit_anchors WHERE service = ${service} AND chain = ${chain}
           ORDER BY sequence DESC OFFSET ${anchorsMax} LIMIT 1)`;
    });
  }

  async anchors(service: string, chain: string): Promise<readonly AuditMark[]> {
    const rows = await this.store.sql<MarkRow[]>`
      SELECT sequence, hash FROM audit_anchors WHERE service = ${service} AND chain = ${chain}
       ORDER BY sequence DESC LIMIT ${anchorsMax}`;
    return rows.map(markOf);
  }

  async newestAnchors(): Promise<readonly Pick<AuditAnchored, 'service' | 'chain' | 'mark'>[]> {
    const rows = await this.store.sql<AnchorRow[]>`
      SELECT DISTINCT ON (service, chain) service, chain, sequence, hash FROM audit_anchors
       ORDER BY service, chain, sequence DESC`;
    return rows.map((row) => ({ service: row.service, chain: row.chain, mark: markOf(row) }));
  }
}
