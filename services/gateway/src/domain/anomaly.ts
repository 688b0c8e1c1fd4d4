import { second, type Timestamp } from '@scalpstorm/kernel';
import type { JsonObject, UserId } from '@scalpstorm/model';

/** What can be found; docs/audit.md has each with its threshold. */
export const anomalyRules = [
  'log-in-failures-of-account',
  'log-in-failures-from-address',
  'log-in-after-failures',
  'log-in-from-new-address',
  'api-key-from-new-address',
  'api-key-used-elsewhere-at-once',
  'api-key-refusals',
  'orders-by-hand-above-usual',
  'denials-above-usual',
] as const;
export type AnomalyRule = (typeof anomalyRules)[number];

/** Something that is not as it usually is. Nothing was done about it: whoever is told decides. */
export interface Anomaly {
  readonly rule: AnomalyRule;
  /** A user, a key or an address. */
  readonly subject: string;
  /** What makes it another one of the same subject; may be empty. */
  readonly detail: string;
  /** Whom it concerns; null: nobody who is known here. */
  readonly userId: UserId | null;
  /** What was seen, and what to do. */
  readonly text: string;
  /** Numbers, places and times; never a secret, nor what somebody typed. */
  readonly evidence: JsonObject;
}

/** A record of the audit, as the rules look at it. */
export interface AuditedFact {
  readonly sequence: number;
  readonly at: Timestamp;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly body: JsonObject;
}

/** So many orders of a user, of one kind. */
export interface OrderRate {
  readonly userId: UserId;
  readonly of: 'by-hand' | 'denied';
  readonly lastHour: number;
  /** In the seven days before that hour. */
  readonly weekBefore: number;
}

/** From how much on something is told. */
export interface AnomalyLimits {
  readonly failuresOfAccount: number;
  readonly failuresFromAddress: number;
  readonly failuresBeforeSuccess: number;
  readonly keyRefusals: number;
  readonly ordersByHandPerHour: number;
  readonly denialsPerHour: number;
  /** So many times what the user usually has. */
  readonly timesUsual: number;
}

export interface AnomalyLook {
  /** Of the last quarter of an hour, oldest first. */
  readonly facts: readonly AuditedFact[];
  /** From where those users who logged in had done so before. */
  readonly placesBefore: ReadonlyMap<string, ReadonlySet<string>>;
  readonly rates: readonly OrderRate[];
}

/** How far back failures are counted. */
export const anomalyWindow = 15 * 60 * second;
export const windowText = '15 minutes';

/** Facts by what `of` says; those of which it says nothing are left out. */
export function grouped(
  facts: readonly AuditedFact[],
  of: (fact: AuditedFact) => string,
): ReadonlyMap<string, readonly AuditedFact[]> {
  const groups = new Map<string, AuditedFact[]>();
  for (const fact of facts) {
    const name = of(fact);
    if (name === '') continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [fact]);
    else group.push(fact);
  }
  return groups;
}

export const textIn = (body: JsonObject, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : '';
};
