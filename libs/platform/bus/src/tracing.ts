import {
  type Attributes,
  currentLogContext,
  currentTraceparent,
  extractTrace,
  inContext,
  isTraced,
  type SpanOptions,
  span,
} from '@scalpstorm/observability';
import { type About, attributesOf, logFieldsOf } from './about.js';

/** Header names to values, as they travel in a NATS message and in an outbox row. */
export type MessageHeaders = Readonly<Record<string, string>>;

export type BusOperation = 'publish' | 'send' | 'ask' | 'process' | 'answer';

export interface SpanSubject {
  /** With the routing tokens in braces, because span names must not grow with the number of accounts. */
  readonly template: string;
  readonly attributes?: Attributes;
  readonly about?: About;
}

/** The id of the request of a user that something belongs to, so that the lines of every service have it. */
export const requestHeader = 'Scalpstorm-Request';
const requestIdPattern = /^[\w-]{1,64}$/;

const kinds: Record<BusOperation, SpanOptions['kind']> = {
  publish: 'producer',
  send: 'producer',
  ask: 'client',
  process: 'consumer',
  answer: 'server',
};
const operationTypes: Record<BusOperation, string> = {
  publish: 'send',
  send: 'send',
  ask: 'send',
  process: 'process',
  answer: 'process',
};

/** The W3C trace context and the request id of what runs now; empty where there are none. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const traceparent = currentTraceparent();
  if (traceparent !== null) headers['traceparent'] = traceparent;
  const { requestId } = currentLogContext();
  if (requestId !== undefined && requestIdPattern.test(requestId)) headers[requestHeader] = requestId;
  return headers;
}

/** For news of the moment, which are many: nothing, unless the trace is recorded. */
export const recordedTraceHeaders = (): Record<string, string> => (isTraced() ? traceHeaders() : {});

/**
 * Runs the work as part of what a message belongs to: its trace, its request, and the ids of what it is about on every log line.
 * Of whoever happened to run before nothing is left.
 */
export function asCarried<T>(headers: MessageHeaders, about: About, work: () => T): T {
  const requestId = headers[requestHeader];
  const isId = requestId !== undefined && requestIdPattern.test(requestId);
  const fields = isId ? { requestId, ...logFieldsOf(about) } : logFieldsOf(about);
  return inContext(extractTrace(headers), fields, work);
}

/** Runs the work inside a span of the trace that it is part of; without one when that is not recorded. */
export function spanned<T>(
  operation: BusOperation,
  { template, attributes = {}, about = {} }: SpanSubject,
  work: () => T,
  options: Pick<SpanOptions, 'begins'> = {},
): T {
  if (options.begins !== true && !isTraced()) return work();
  // OpenTelemetry's messaging conventions; they know no NATS, so its name is our own word.
  const messaging = {
    'messaging.system': 'nats',
    'messaging.operation.name': operation,
    'messaging.operation.type': operationTypes[operation],
    'messaging.destination.template': template,
    ...attributesOf(about),
    ...attributes,
  };
  return span(`${operation} ${template}`, messaging, work, { kind: kinds[operation], ...options });
}
