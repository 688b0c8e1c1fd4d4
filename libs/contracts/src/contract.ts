import type { Timestamp } from '@scalpstorm/kernel';
import type { EventId } from '@scalpstorm/model';

/** The streams of the order lane; everything else travels over core NATS. */
export const streamNames = [
  'ORDER_REQUESTS',
  'VERDICTS',
  'ORDER_COMMANDS',
  'ORDER_EVENTS',
  'BOT_EVENTS',
  'OPS',
  'AUDIT',
  'CERTIFICATES',
  'DEAD_LETTERS',
] as const;
export type StreamName = (typeof streamNames)[number];

/** The services that speak on the bus; each has a NATS user of its own. */
export const speakers = [
  'market-data',
  'strategy',
  'risk-gate',
  'execution',
  'gateway',
  'notifications',
  'inference',
  'research',
  'kafka-bridge',
] as const;
export type Speaker = (typeof speakers)[number];

/** On every event: which one, caused by which, when it happened at its source, and when we wrote it down. */
export interface Meta {
  readonly eventId: EventId;
  /** The event or request that led to this one; null where a chain begins. */
  readonly causedBy: EventId | null;
  readonly occurredAt: Timestamp;
  readonly recordedAt: Timestamp;
}

/** Thrown by `decode`: poison, kept and alarmed, never retried. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** The one place where a message has its name, its subject, its stream and its form. */
export interface Contract<Event> {
  /** The protobuf message name, e.g. `OrderRequested`. */
  readonly name: string;
  /** With routing tokens in braces and without the namespace, e.g. `order.requested.v1.{account}`. From the proto option. */
  readonly subject: string;
  /** Null: core NATS, at most once. */
  readonly stream: StreamName | null;
  /** The subject of this very event, without the namespace. */
  route(event: Event): string;
  encode(event: Event): Uint8Array;
  /** @throws UnreadableMessage */
  decode(bytes: Uint8Array): Event;
}

/** A question with an answer, over NATS request/reply. */
export interface Question<Request, Reply> {
  readonly name: string;
  /** Without the namespace; exactly one service answers. */
  readonly subject: string;
  readonly request: { encode(request: Request): Uint8Array; decode(bytes: Uint8Array): Request };
  readonly reply: { encode(reply: Reply): Uint8Array; decode(bytes: Uint8Array): Reply };
}
