import { registeredMessages, subjectFilter, UnreadableMessage } from '@scalpstorm/contracts';
import { cloudEventHeaders } from './cloud-event.js';
import { type Family, families, type Stamped } from './families.js';
import { orderingKey } from './ordering-key.js';

/** One record of a Kafka topic. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
}

/** A message as NATS gave it. */
export interface HeardMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Routes {
  readonly namespace: string;
  /** Chosen families and the topic of each. */
  readonly topics: ReadonlyMap<string, string>;
}

export type Translation =
  | { readonly kind: 'records'; readonly records: readonly OutgoingRecord[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

const schemas = new Map(registeredMessages.map(({ name, schema }) => [name, schema.typeName]));
const patterns = new Map(families.map(({ contract }) => [contract.subject, pattern(contract.subject)]));

function pattern(template: string): RegExp {
  const filter = subjectFilter(template).replaceAll('.', '\\.').replaceAll('*', '[^.]+');
  return new RegExp(`^${filter}$`);
}

/** What one message becomes: nothing when its family was not chosen, two records when an order event brings a fill. */
export function translate(message: HeardMessage, { namespace, topics }: Routes): Translation {
  const { subject, data, headers } = message;
  const concerned = families.filter(({ contract }) => patterns.get(contract.subject)?.test(subject) === true);
  const chosen = concerned.filter(({ name }) => topics.has(name));
  const contract = chosen[0]?.contract;
  if (contract === undefined) return { kind: 'records', records: [] };
  let event: Stamped;
  try {
    event = contract.decode(data);
  } catch (error) {
    if (error instanceof UnreadableMessage) return { kind: 'unreadable', reason: error.message };
    throw error;
  }
  const record = ({ name }: Family): OutgoingRecord => ({
    topic: topics.get(name) ?? name,
    key: orderingKey(contract.subject, subject),
    value: data,
    headers: cloudEventHeaders({
      namespace,
      stream: contract.stream,
      schema: schemas.get(contract.name) ?? contract.name,
      subject,
      meta: event.meta,
      traceparent: headers['traceparent'] ?? null,
    }),
    timestampMs: Math.floor(event.meta.recordedAt / 1_000),
  });
  const taking = chosen.filter(({ takes }) => takes === undefined || takes(event));
  return { kind: 'records', records: taking.map(record) };
}

/** Bytes of one record without the batch around it, at most a few too many. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const overhead = 64;
  const named = Object.entries(headers).reduce((sum, [name, text]) => sum + name.length + text.length + 4, 0);
  return value.length + Buffer.byteLength(key) + named + overhead;
}
