import type { Meta, StreamName } from '@scalpstorm/contracts';

export interface CloudEventFacts {
  readonly namespace: string;
  /** Null: core NATS. */
  readonly stream: StreamName | null;
  /** The full name of the protobuf message, its version included, e.g. `scalpstorm.order.v1.OrderChanged`. */
  readonly schema: string;
  /** As on NATS, without the namespace. */
  readonly subject: string;
  readonly meta: Meta;
  readonly traceparent: string | null;
}

/**
 * CloudEvents 1.0, Kafka protocol binding, binary content mode: attributes are headers with the prefix `ce_`, the value is
 * the event's own bytes. `ce_id` within `ce_source` names the event, so that whoever gets it twice can tell.
 */
export function cloudEventHeaders(facts: CloudEventFacts): Record<string, string> {
  const { namespace, stream, schema, subject, meta, traceparent } = facts;
  return {
    ce_specversion: '1.0',
    ce_id: meta.eventId,
    ce_source: `urn:scalpstorm:${namespace}:${stream ?? 'MARKET'}`,
    ce_type: schema,
    ce_time: rfc3339(meta.occurredAt),
    ce_subject: subject,
    ce_dataschema: `proto:${schema}`,
    'content-type': 'application/protobuf',
    ...(traceparent === null ? {} : { traceparent }),
  };
}

/** Microseconds since the epoch as UTC, to the microsecond. */
export function rfc3339(micros: number): string {
  const millis = Math.floor(micros / 1_000);
  const rest = String(micros - millis * 1_000).padStart(3, '0');
  return new Date(millis).toISOString().replace('Z', `${rest}Z`);
}
