import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hashRefreshToken as hashOf } from '@scalpstorm/auth';
import { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { Log, WallClock } from '@scalpstorm/observability';
import { auditFacts } from '../domain/audit-fact.js';
import type { Listing, Page } from '../domain/cursor.js';
import { type ApiKeyScope, mayActAs, type Principal, rolesWith } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { type ApiKeyRecord, ApiKeyStore } from '../ports/api-key-store.js';
import { Departures } from './departures.js';

/** What every key begins with, so that people and secret scanners know one. */
export const apiKeyPrefix = 'scs_';
const keysPerUserMax = 50;

export interface NewApiKey {
  readonly label: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly allowedAddresses: readonly string[];
  /** RFC 3339; null: until it is revoked. */
  readonly expiresAt: string | null;
}
export type ApiKeyView = ReturnType<typeof apiKeyView>;

/** Keys of programs: 256 random bits each, shown once, kept as a hash. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly store: ApiKeyStore,
    private readonly departures: Departures,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  async list(userId: UserId, page: Page): Promise<Listing<ApiKeyView>> {
    const listing = await this.store.list(userId, page);
    return { ...listing, data: listing.data.map(apiKeyView) };
  }

  async create(
    by: Principal,
    wanted: NewApiKey,
    clientAddress: string,
  ): Promise<ApiKeyView & { readonly key: string }> {
    if (wanted.scopes.includes('trade') && !mayActAs(by.role, 'trader')) {
      throw new ProblemRaised(problems.forbidden(rolesWith.trader));
    }
    const now = this.clock.now();
    const expiresAt = wanted.expiresAt === null ? null : Timestamp.fromMillis(Date.parse(wanted.expiresAt));
    if (expiresAt !== null && expiresAt <= now) throw new ProblemRaised(problems.expiryPast());
    if ((await this.store.count(by.userId, now)) >= keysPerUserMax) {
      throw new ProblemRaised(problems.tooManyApiKeys(keysPerUserMax));
    }
    const key = `${apiKeyPrefix}${randomBytes(32).toString('base64url')}`;
    const record: ApiKeyRecord = {
      id: `key_${randomBytes(8).toString('hex')}`,
      userId: by.userId,
      label: wanted.label,
      scopes: [...new Set(wanted.scopes)],
      allowedAddresses: wanted.allowedAddresses,
      createdAt: now,
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    await this.store.add(record, hashOf(key), auditFacts.apiKeyCreated(record, clientAddress));
    this.log.info({ userId: by.userId, apiKey: record.id, scopes: record.scopes }, 'an API key was created');
    return { ...apiKeyView(record), key };
  }

  async revoke(userId: UserId, id: string): Promise<void> {
    const fact = auditFacts.apiKeyRevoked(userId, id);
    if (!(await this.store.revoke({ userId, id }, this.clock.now(), fact)))
      throw new ProblemRaised(problems.notFound('API key'));
    this.departures.tell();
    this.log.info({ userId, apiKey: id }, 'an API key was revoked');
  }
}

const iso = (time: Timestamp | null): string | null => (time === null ? null : Timestamp.toIso(time));

const apiKeyView = (key: ApiKeyRecord) =>
  ({
    id: key.id,
    label: key.label,
    scopes: key.scopes,
    allowedAddresses: key.allowedAddresses,
    createdAt: Timestamp.toIso(key.createdAt),
    expiresAt: iso(key.expiresAt),
    lastUsedAt: iso(key.lastUsedAt),
    revokedAt: iso(key.revokedAt),
  }) as const;
