import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type HrTime,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { inLogContext, type LogContext } from './log-context.js';
import { redactText } from './redact.js';
import { isSampled, spanContextOf, traceparentOf } from './traceparent.js';

/** Where a piece of work stands in its trace, as read from message headers. */
export type TraceContext = Context;
export type { Attributes, Span };

export interface SpanOptions {
  readonly kind?: 'internal' | 'producer' | 'consumer' | 'client' | 'server';
  /** Instead of the active span. */
  readonly parent?: TraceContext;
  /** What led to it without being a part of it. */
  readonly links?: readonly TraceContext[];
  /**
   * Without a parent it begins a trace of its own. Few things may: a decision, and what a user asks for. Everything else belongs
   * to one of them or to no trace at all.
   */
  readonly begins?: boolean;
  /** Milliseconds since the epoch; now by default. */
  readonly startedAt?: number;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
} as const;

/** Marks a parent that somebody else named: whether its trace is recorded is decided here. */
const fromOutside = createContextKey('scalpstorm: from outside');
const unrecorded = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/**
 * Runs the work inside a span; it ends when the work (or its promise) does, and keeps what was thrown. In a trace that is not
 * recorded, or in none, the work runs without one, which costs next to nothing.
 */
export function span<T>(name: string, attributes: Attributes, work: (active: Span) => T, options: SpanOptions = {}): T {
  const { parent = context.active(), begins = false } = options;
  const before = trace.getSpanContext(parent);
  if (!begins && (before === undefined || !isSampled(before))) return within(parent, () => work(unrecorded));
  const active = startSpan(name, attributes, { ...options, parent });
  return context.with(trace.setSpan(parent.deleteValue(fromOutside), active), () => ending(active, work));
}

/** A span that whoever started it ends; {@link span} where the work is one function. */
export function startSpan(name: string, attributes: Attributes, options: SpanOptions = {}): Span {
  const { kind = 'internal', parent = context.active(), links = [], startedAt } = options;
  const linked = links
    .flatMap((link) => trace.getSpanContext(link) ?? [])
    .map((linkContext) => ({ context: linkContext }));
  const settings = { attributes, kind: kinds[kind], links: linked, startTime: timeOf(startedAt) };
  return trace.getTracer('scalpstorm').startSpan(name, settings, parent);
}

/** A plain number from before this process would be taken for one since its start. */
function timeOf(millis: number | undefined): HrTime | undefined {
  if (millis === undefined) return undefined;
  const seconds = Math.floor(millis / 1_000);
  return [seconds, Math.round((millis - seconds * 1_000) * 1e6)];
}

function ending<T>(active: Span, work: (active: Span) => T): T {
  try {
    const result = work(active);
    if (!(result instanceof Promise)) {
      active.end();
      return result;
    }
    result.then(
      () => active.end(),
      (error: unknown) => endWith(active, error),
    );
    return result;
  } catch (error) {
    endWith(active, error);
    throw error;
  }
}

function endWith(active: Span, error: unknown): void {
  active.setStatus({
    code: SpanStatusCode.ERROR,
    message: redactText(error instanceof Error ? error.message : String(error)),
  });
  active.end();
}

function within<T>(place: TraceContext, work: () => T): T {
  return place === context.active() ? work() : context.with(place, work);
}

/** Where the work that runs now stands. */
export const currentTrace = (): TraceContext => context.active();

/** Is what runs now part of a trace that is recorded? */
export function isTraced(): boolean {
  const active = trace.getSpanContext(context.active());
  return active !== undefined && isSampled(active);
}

/** What became known of the work while it ran; kept by the active span, if there is one. */
export function annotate(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** A moment within the active span, if there is one; `at` in milliseconds since the epoch, now by default. */
export function moment(name: string, attributes: Attributes = {}, at?: number): void {
  trace.getActiveSpan()?.addEvent(name, attributes, timeOf(at));
}

/** Adds the W3C `traceparent` of the active span to the headers and returns them. */
export function injectTrace(headers: Record<string, string>): Record<string, string> {
  const traceparent = currentTraceparent();
  if (traceparent !== null) headers['traceparent'] = traceparent;
  return headers;
}

/** The trace that a sender put into the headers; the root context when there is none. */
export function extractTrace(headers: Readonly<Record<string, string | undefined>>): TraceContext {
  const sender = spanContextOf(headers['traceparent']);
  return sender === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, sender);
}

/** The same for whoever is not of ours: it names the trace, and has no say in whether it is recorded. */
export function extractForeignTrace(headers: Readonly<Record<string, string | undefined>>): TraceContext {
  return extractTrace(headers).setValue(fromOutside, true);
}

export const isFromOutside = (place: TraceContext): boolean => place.getValue(fromOutside) === true;

/** The W3C `traceparent` of the active span, or null outside of one. */
export function currentTraceparent(): string | null {
  const active = trace.getSpanContext(context.active());
  return active === undefined || active.traceId === INVALID_SPAN_CONTEXT.traceId ? null : traceparentOf(active);
}

/** Runs the work as part of a trace and under ids that were told, whoever happens to begin it. */
export function inContext<T>(place: TraceContext, about: LogContext, work: () => T): T {
  return context.with(place, () => inLogContext(about, work));
}

/** Runs the work as part of nothing that runs now, e.g. a loop that the first of many has started. */
export const outOfContext = <T>(work: () => T, about: LogContext = {}): T => inContext(ROOT_CONTEXT, about, work);
