import { Injectable } from '@nestjs/common';
import type { AuditAnchored, AuditChain, AuditCheck, AuditMark } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { AuditTrail, type MarkRow, markOf, Store, verifyChain } from '@scalpstorm/store';
import type { AuditFact, AuditRecordView } from '../domain/audit-fact.js';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import { type AuditFilter, AuditLog, type AuditLook } from '../ports/audit-log.js';

/** Of a chain; the newest are kept. */
const anchorsMax = 2_000;

interface AnchorRow extends MarkRow {
  readonly service: string;
  readonly chain: string;
}

interface RecordRow {
  readonly sequence: bigint;
  readonly recorded_at_us: bigint;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly body: JsonObject;
}

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

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

  async records(
    { kind, actor, subject, since, until }: AuditFilter,
    { limit, before }: Page,
  ): Promise<Listing<AuditRecordView>> {
    const { sql } = this.store;
    const { chain } = this.trail;
    const rows = await sql<RecordRow[]>`
      SELECT sequence, recorded_at_us, kind, actor, subject, body FROM audit_records WHERE chain = ${chain}
      ${before === null ? sql`` : sql`AND sequence < ${before}`}
      ${kind === undefined ? sql`` : sql`AND kind = ${kind}`}
      ${subject === undefined ? sql`` : sql`AND subject = ${subject}`}
      ${actor === undefined ? sql`` : sql`AND (actor = ${actor} OR actor LIKE ${`${escaped(actor)}/%`})`}
      ${since === undefined ? sql`` : sql`AND recorded_at_us >= ${since}`}
      ${until === undefined ? sql`` : sql`AND recorded_at_us < ${until}`}
      ORDER BY sequence DESC LIMIT ${limit + 1}`;
    const told = rows.map(({ sequence, recorded_at_us: at, ...fact }) => ({
      sequence: BigInt(sequence),
      view: {
        service: 'gateway' as const,
        chain,
        sequence: Number(sequence),
        at: Timestamp.toIso(Timestamp.fromMicros(Number(at))),
        ...fact,
      },
    }));
    return listingOf(told, limit);
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
