import { Injectable } from '@nestjs/common';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type JsonObject, UserId } from '@scalpstorm/model';
import { AuditTrail, type Sql, Store, type Transaction } from '@scalpstorm/store';
import {
  type Anomaly,
  type AnomalyLook,
  type AnomalyRule,
  anomalyWindow,
  type OrderRate,
  textIn,
} from '../domain/anomaly.js';
import { auditFacts } from '../domain/audit-fact.js';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import type { KeySighting } from '../domain/key-sighting.js';
import { placeOf } from '../domain/place-of.js';
import { Anomalies, type AnomalyFilter, type KnownAnomaly } from '../ports/anomalies.js';

const factsMax = 10_000;
const placesMax = 20_000;
/** In one look: what more there is, is an attack that is found by these already. */
const sightingsMax = 500;
const untoldMax = 100;
const administratorsMax = 20;

const kinds = ['logged-in', 'log-in-failed', 'api-key-created', 'api-key-used', 'api-key-refused'];

const bucketMicros = 600 * second;
const bucketsOfHour = 6;
const bucketsOfWeek = 7 * 24 * bucketsOfHour;
/** Of several gateways that look each minute, one counts. */
const countEvery = 50 * second;

interface Row {
  readonly id: bigint;
  readonly rule: AnomalyRule;
  readonly subject: string;
  readonly detail: string;
  readonly user_id: string | null;
  readonly text: string;
  readonly evidence: JsonObject;
  readonly found_at: bigint;
}

interface FactRow {
  readonly sequence: bigint;
  readonly recorded_at_us: bigint;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly body: JsonObject;
}

/** In the schema of the gateway, beside the audit that it looks at. */
@Injectable()
export class PostgresAnomalies extends Anomalies {
  constructor(
    private readonly store: Store,
    private readonly trail: AuditTrail,
  ) {
    super();
  }

  async keepSightings(sightings: readonly KeySighting[]): Promise<void> {
    const kept = sightings.slice(0, sightingsMax);
    if (kept.length === 0) return;
    await this.store.transaction(async (tx) => {
      for (const sighting of kept) {
        const fact = sighting.refusal === null ? await usedFact(tx, sighting) : auditFacts.apiKeyRefused(sighting);
        if (fact !== null) await this.trail.append(tx, fact);
      }
    });
  }

  async countOrders(now: Timestamp): Promise<void> {
    await this.store.transaction(async (tx) => {
      const [mark] = await tx<{ through: bigint; next: bigint }[]>`
        SELECT through, next FROM order_rates_mark WHERE counted_at < ${now - countEvery} FOR UPDATE SKIP LOCKED`;
      if (mark === undefined) return;
      // By user, because that is how orders are indexed.
      await tx`
        INSERT INTO order_rates AS known (user_id, bucket, by_hand, denied)
        SELECT users.id, recent.bucket, recent.by_hand, recent.denied FROM users CROSS JOIN LATERAL (
          SELECT floor(extract(epoch FROM (view->>'createdAt')::timestamptz) / 600)::bigint AS bucket,
                 count(*) FILTER (WHERE bot_id IS NULL AND client_order_id LIKE 'm%') AS by_hand,
                 count(*) FILTER (WHERE view->>'status' = 'denied') AS denied
            FROM orders WHERE user_id = users.id AND sequence > ${mark.through} AND sequence <= ${mark.next}
           GROUP BY 1) recent
         WHERE recent.by_hand + recent.denied > 0
        ON CONFLICT (user_id, bucket) DO UPDATE
          SET by_hand = known.by_hand + excluded.by_hand, denied = known.denied + excluded.denied`;
      await tx`
        UPDATE order_rates_mark SET through = next, counted_at = ${now}, next = greatest(next, (
          SELECT max(newest.sequence) FROM users CROSS JOIN LATERAL (
            SELECT max(sequence) AS sequence FROM orders WHERE user_id = users.id) newest))`;
      await tx`DELETE FROM order_rates WHERE bucket < ${bucketOf(now) - bucketsOfWeek - 2 * bucketsOfHour}`;
    });
  }

  async look(now: Timestamp): Promise<AnomalyLook> {
    const { sql } = this.store;
    const rows = await sql<FactRow[]>`
      SELECT sequence, recorded_at_us, kind, actor, subject, body FROM audit_records
       WHERE chain = ${this.trail.chain} AND recorded_at_us >= ${now - anomalyWindow} AND kind = ANY(${kinds})
       ORDER BY recorded_at_us DESC, sequence DESC LIMIT ${factsMax}`;
    const facts = rows.map(({ sequence, recorded_at_us: at, ...fact }) => ({
      ...fact,
      sequence: Number(sequence),
      at: Timestamp.fromMicros(Number(at)),
    }));
    facts.sort((one, other) => one.sequence - other.sequence);
    return { facts, placesBefore: await this.#placesBefore(facts), rates: await this.#rates(now) };
  }

  async keep(found: readonly Anomaly[], now: Timestamp, alikeSince: Timestamp): Promise<void> {
    if (found.length === 0) return;
    await this.store.transaction(async (tx) => {
      // Several gateways find the same at once.
      await tx`LOCK TABLE anomalies IN SHARE ROW EXCLUSIVE MODE`;
      for (const { rule, subject, detail, userId, text, evidence } of found)
        await tx`
          INSERT INTO anomalies (rule, subject, detail, user_id, text, evidence, found_at)
          SELECT ${rule}, ${subject}, ${detail}, ${userId}, ${text}, ${JSON.stringify(evidence)}::text::jsonb, ${now}
           WHERE NOT EXISTS (
             SELECT 1 FROM anomalies WHERE rule = ${rule} AND subject = ${subject} AND detail = ${detail}
                AND found_at > ${alikeSince})`;
    });
  }

  async untold(): Promise<readonly KnownAnomaly[]> {
    const rows = await this.store.sql<Row[]>`SELECT * FROM anomalies WHERE NOT told ORDER BY id LIMIT ${untoldMax}`;
    return rows.map(anomalyOf);
  }

  async told(id: bigint): Promise<void> {
    await this.store.sql`UPDATE anomalies SET told = true WHERE id = ${id}`;
  }

  async list({ rule, subject, user }: AnomalyFilter, { before, limit }: Page): Promise<Listing<KnownAnomaly>> {
    const { sql } = this.store;
    const rows = await sql<Row[]>`
      SELECT * FROM anomalies WHERE true
      ${before === null ? sql`` : sql`AND id < ${before}`}
      ${rule === undefined ? sql`` : sql`AND rule = ${rule}`}
      ${subject === undefined ? sql`` : sql`AND subject = ${subject}`}
      ${user === undefined ? sql`` : sql`AND user_id = ${user}`}
      ORDER BY id DESC LIMIT ${limit + 1}`;
    const views = rows.map((row) => ({ sequence: BigInt(row.id), view: anomalyOf(row) }));
    return listingOf(views, limit);
  }

  async administrators(): Promise<readonly UserId[]> {
    const rows = await this.store.sql<{ id: string }[]>`
      SELECT id FROM users WHERE role = 'admin' AND NOT disabled ORDER BY sequence LIMIT ${administratorsMax}`;
    return rows.map(({ id }) => UserId.of(id));
  }

  async #placesBefore(facts: AnomalyLook['facts']): Promise<AnomalyLook['placesBefore']> {
    const users = [...new Set(facts.filter(({ kind }) => kind === 'logged-in').map(({ actor }) => actor))];
    const places = new Map<string, Set<string>>();
    const [first] = facts;
    if (users.length === 0 || first === undefined) return places;
    const rows = await this.store.sql<{ actor: string; body: JsonObject }[]>`
      SELECT DISTINCT actor, body - 'by' AS body FROM audit_records
       WHERE chain = ${this.trail.chain} AND kind = 'logged-in' AND actor = ANY(${users})
         AND sequence < ${first.sequence} LIMIT ${placesMax}`;
    for (const { actor, body } of rows) {
      const known = places.get(actor) ?? new Set();
      places.set(actor, known.add(placeOf(textIn(body, 'clientAddress'))));
    }
    return places;
  }

  async #rates(now: Timestamp): Promise<readonly OrderRate[]> {
    const hour = bucketOf(now) - bucketsOfHour;
    const rows = await this.store.sql<
      Record<'user_id' | 'by_hand' | 'denied' | 'by_hand_before' | 'denied_before', string>[]
    >`
      SELECT user_id,
             coalesce(sum(by_hand) FILTER (WHERE bucket >= ${hour}), 0)::text AS by_hand,
             coalesce(sum(denied) FILTER (WHERE bucket >= ${hour}), 0)::text AS denied,
             coalesce(sum(by_hand) FILTER (WHERE bucket < ${hour}), 0)::text AS by_hand_before,
             coalesce(sum(denied) FILTER (WHERE bucket < ${hour}), 0)::text AS denied_before
        FROM order_rates WHERE bucket >= ${hour - bucketsOfWeek} GROUP BY user_id
      HAVING max(bucket) >= ${hour}`;
    return rows.flatMap((row) => {
      const userId = UserId.of(row.user_id);
      return [
        { userId, of: 'by-hand', lastHour: Number(row.by_hand), weekBefore: Number(row.by_hand_before) },
        { userId, of: 'denied', lastHour: Number(row.denied), weekBefore: Number(row.denied_before) },
      ];
    });
  }
}

/** Null: it was there before. */
async function usedFact(tx: Sql | Transaction, { key, place, firstAt, lastAt }: KeySighting) {
  if (key === null) return null;
  const inserted = await tx`
    INSERT INTO api_key_places (key_id, place, first_used_at, last_used_at) VALUES (${key.id}, ${place}, ${firstAt}, ${lastAt})
    ON CONFLICT (key_id, place) DO NOTHING`;
  if (inserted.count === 0) {
    await tx`UPDATE api_key_places SET last_used_at = ${lastAt} WHERE key_id = ${key.id} AND place = ${place} AND last_used_at < ${lastAt}`;
    return null;
  }
  const [row] = await tx<{ count: number }[]>`
    SELECT count(*)::int AS count FROM api_key_places WHERE key_id = ${key.id} AND place <> ${place}`;
  return auditFacts.apiKeyUsed(key, { place, firstAt, placesBefore: row?.count ?? 0 });
}

const bucketOf = (at: Timestamp): number => Math.floor(at / bucketMicros);

const anomalyOf = ({ user_id, found_at, id, ...row }: Row): KnownAnomaly => ({
  id: BigInt(id),
  rule: row.rule,
  subject: row.subject,
  detail: row.detail,
  userId: user_id === null ? null : UserId.of(user_id),
  text: row.text,
  evidence: row.evidence,
  foundAt: Timestamp.fromMicros(Number(found_at)),
});
