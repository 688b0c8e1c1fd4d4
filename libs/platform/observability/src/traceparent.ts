import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';

/** What goes before the value of a W3C `traceparent` that we write and read. */
const version = '00';
const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const invalidVersion = 'ff';

/** The W3C `traceparent` of a span. Written by hand, because the general propagator costs more than the rest of a hop. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `${version}-${traceId}-${spanId}-${isSampled({ traceFlags }) ? '01' : '00'}`;
}

/** The span that a `traceparent` names, or null when it names none. */
export function spanContextOf(traceparent: string | undefined): SpanContext | null {
  const [, given, traceId = '', spanId = '', flags = '00', more] = pattern.exec(traceparent ?? '') ?? [];
  if (given === undefined || given === invalidVersion || (given === version && more !== undefined)) return null;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const found = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(found) ? found : null;
}

export const isSampled = ({ traceFlags }: Pick<SpanContext, 'traceFlags'>): boolean =>
  (traceFlags & TraceFlags.SAMPLED) !== 0;
