import { type Attributes, extractTrace, injectTrace, type SpanOptions, span } from '@scalpstorm/observability';

/** Header names to values, as they travel in a NATS message and in an outbox row. */
export type MessageHeaders = Readonly<Record<string, string>>;

export type BusOperation = 'publish' | 'send' | 'ask' | 'process' | 'answer';

export interface SpanSubject {
  /** With the routing tokens in braces, because span names must not grow with the number of accounts. */
  readonly template: string;
  readonly attributes?: Attributes;
}

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

/** The W3C trace context of the running operation; empty when tracing is off. */
export const traceHeaders = (): Record<string, string> => injectTrace({});

/** Runs the work inside a span that belongs to the sender's trace when the message carries one. */
export function spanned<T>(
  operation: BusOperation,
  { template, attributes = {} }: SpanSubject,
  work: () => T,
  received?: MessageHeaders,
): T {
  // OpenTelemetry's messaging conventions; they know no NATS, so its name is our own word.
  const messaging = {
    'messaging.system': 'nats',
    'messaging.operation.name': operation,
    'messaging.operation.type': operationTypes[operation],
    'messaging.destination.template': template,
    ...attributes,
  };
  const kind = kinds[operation];
  const options = received === undefined ? { kind } : { kind, parent: extractTrace(received) };
  return span(`${operation} ${template}`, messaging, work, options);
}
