import type { StreamName } from '@scalpstorm/contracts';
import type { MessageHeaders } from './tracing.js';

/** One delivery of one stream message, and the four things a consumer may say about it. */
export interface Delivery {
  /** Without the namespace. */
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  /** Counts from 1. */
  readonly deliveries: number;
  readonly streamSequence: number;
  ack(): void;
  /** Deliver it again after the time. */
  nak(delayMs: number): void;
  /** Never deliver it again. */
  term(): void;
  /** Still on it: start the acknowledgement time anew. */
  working(): void;
}

/** `poison`: the handler says so. `unreadable`: the codec cannot. `exhausted`: it failed as often, or waited as long, as it may. */
export type DeadLetterCause = 'poison' | 'unreadable' | 'exhausted';

/** A message put aside, whole, with the reason, for a person to look at and perhaps to send again. */
export interface DeadLetter {
  readonly cause: DeadLetterCause;
  readonly reason: string;
  readonly stream: StreamName;
  readonly consumer: string;
  readonly delivery: Delivery;
  /** How often the handler had it, the repeats within one process included. */
  readonly deliveries: number;
}

const reasonLengthMax = 500;
const natsHeader = /^Nats-/i;

/** The original headers stay; those that NATS itself acts on are kept under another name, so that they do not act twice. */
export function deadLetterHeaders(letter: DeadLetter): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(letter.delivery.headers)) {
    kept[natsHeader.test(name) ? `Original-${name}` : name] = value;
  }
  return {
    ...kept,
    'Dead-Cause': letter.cause,
    'Dead-Reason': oneLine(letter.reason).slice(0, reasonLengthMax),
    'Dead-Subject': letter.delivery.subject,
    'Dead-Stream': letter.stream,
    'Dead-Sequence': String(letter.delivery.streamSequence),
    'Dead-Deliveries': String(letter.deliveries),
    'Dead-Consumer': letter.consumer,
  };
}

/** The same letter is kept once, however often its burial is repeated. */
export function deadLetterId({ stream, consumer, delivery }: DeadLetter): string {
  return `dead:${consumer}:${stream}:${delivery.streamSequence}`;
}

/** A header value ends at the first line break. */
const oneLine = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').trim();
