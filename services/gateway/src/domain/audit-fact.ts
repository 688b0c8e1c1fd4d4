import { Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';
import type { Principal } from './principal.js';

/** One fact for the audit. Never a secret, nor what a person may have typed in place of one: no e-mail of a log-in that failed. */
export interface AuditFact {
  readonly kind: string;
  /** Who did it; empty where nobody is known. */
  readonly actor: string;
  /** What it was done to. */
  readonly subject: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A fact as it stands in a chain, for whoever looks it up. */
export interface AuditRecordView {
  readonly service: 'gateway';
  readonly chain: string;
  readonly sequence: number;
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly body: JsonObject;
}

/** A log-in, as whoever opened it is told. */
interface Opened {
  readonly userId: UserId;
  readonly clientAddress: string;
  readonly by: 'set-up' | 'password' | 'new-password';
}

interface KeyKnown {
  readonly id: string;
  readonly userId: UserId;
}
interface KeyMade extends KeyKnown {
  readonly scopes: readonly string[];
}
interface KeyPlace {
  readonly place: string;
  readonly firstAt: Timestamp;
  /** At so many others it was before. */
  readonly placesBefore: number;
}
interface KeyRefused {
  readonly key: KeyKnown | null;
  readonly place: string;
  readonly refusal: string | null;
  readonly times: number;
}

/** The brake, limits and states of trading; and what somebody decided about an order that nobody placed here. */
export type AuditedKind = 'risk-command' | 'external-order-decision';

export interface CommandTold {
  readonly asked: unknown;
  readonly outcome: string;
  readonly [kept: string]: unknown;
}

/** Who did something, and by which of their keys. */
const actorOf = ({ userId, apiKey }: Principal) => (apiKey === undefined ? userId : `${userId}/${apiKey.id}`);

/** Every fact that the gateway records, in one place, so that their names stay. */
export const auditFacts = {
  loggedIn: ({ userId, clientAddress, by }: Opened, sessionId: string): AuditFact => ({
    kind: 'logged-in',
    actor: userId,
    subject: sessionId,
    body: { clientAddress, by },
  }),
  logInFailed: (userId: UserId | null, clientAddress: string): AuditFact => ({
    kind: 'log-in-failed',
    actor: '',
    subject: userId ?? '',
    body: { clientAddress },
  }),
  loggedOut: (userId: string, sessionId: string): AuditFact => ({
    kind: 'logged-out',
    actor: userId,
    subject: sessionId,
    body: {},
  }),
  tokenReused: (userId: string, sessionId: string): AuditFact => ({
    kind: 'refresh-token-reused',
    actor: '',
    subject: sessionId,
    body: { user: userId },
  }),
  /** Null: all of the user. */
  sessionsEnded: (by: Principal, userId: UserId, sessionId: string | null): AuditFact => ({
    kind: 'sessions-ended',
    actor: actorOf(by),
    subject: sessionId ?? userId,
    body: { all: sessionId === null },
  }),
  userCreated: (by: UserId, userId: UserId, role: string): AuditFact => ({
    kind: 'user-created',
    actor: by,
    subject: userId,
    body: { role },
  }),
  userChanged: (by: Principal, userId: string, change: Readonly<Record<string, unknown>>): AuditFact => ({
    kind: 'user-changed',
    actor: actorOf(by),
    subject: userId,
    body: change,
  }),
  passwordChanged: (userId: UserId, clientAddress: string): AuditFact => ({
    kind: 'password-changed',
    actor: userId,
    subject: userId,
    body: { clientAddress },
  }),
  passwordChangeFailed: (userId: UserId, clientAddress: string): AuditFact => ({
    kind: 'password-change-failed',
    actor: userId,
    subject: userId,
    body: { clientAddress },
  }),
  apiKeyCreated: ({ userId, id, scopes }: KeyMade, clientAddress: string): AuditFact => ({
    kind: 'api-key-created',
    actor: userId,
    subject: id,
    body: { scopes, clientAddress },
  }),
  /** At a place where it was not before: an address, or the network of one. */
  apiKeyUsed: ({ id, userId }: KeyKnown, { place, firstAt, placesBefore }: KeyPlace): AuditFact => ({
    kind: 'api-key-used',
    actor: userId,
    subject: id,
    body: { clientAddress: place, firstAt: Timestamp.toIso(firstAt), placesBefore },
  }),
  /** So often within about a minute. A key that does not exist has no id, and nothing of it is kept. */
  apiKeyRefused: ({ key, place, refusal, times }: KeyRefused): AuditFact => ({
    kind: 'api-key-refused',
    actor: '',
    subject: key?.id ?? '',
    body: { user: key?.userId ?? '', clientAddress: place, code: refusal, times },
  }),
  apiKeyRevoked: (userId: UserId, id: string): AuditFact => ({
    kind: 'api-key-revoked',
    actor: userId,
    subject: id,
    body: {},
  }),
  /** A command that people answer for, and what came of it. */
  command: (kind: AuditedKind, by: Principal, operation: string, told: CommandTold): AuditFact => ({
    kind,
    actor: actorOf(by),
    subject: operation,
    body: { ...told },
  }),
  /** The state of trading as the gate told it, whoever asked for it. */
  tradingStateChanged: (told: Readonly<Record<string, unknown>>): AuditFact => ({
    kind: 'trading-state-changed',
    actor: 'risk-gate',
    subject: 'trading-state',
    body: told,
  }),
} as const;
