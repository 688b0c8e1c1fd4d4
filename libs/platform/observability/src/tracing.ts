import {
  type Attributes,
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { redactText } from './redact.js';

/** Where a piece of work stands in its trace, as read from message headers. */
export type TraceContext = Context;
export type { Attributes, Span };

export interface SpanOptions {
  readonly kind?: 'internal' | 'producer' | 'consumer' | 'client' | 'server';
  /** Instead of the active span. */
  readonly parent?: TraceContext;
  /** The producers of a batch. */
  readonly links?: readonly TraceContext[];
}

const kinds = {
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
} as const;

/** Runs the work inside a span; it ends when the work (or its promise) does, and keeps what was thrown. */
export function span<T>(
  name: string,
  attributes: Attributes,
  work: (active: Span) => T,
  { kind = 'internal', parent = context.active(), links = [] }: SpanOptions = {},
): T {
  const linked = links
    .flatMap((link) => trace.getSpanContext(link) ?? [])
    .map((linkContext) => ({ context: linkContext }));
  const settings = { attributes, kind: kinds[kind], links: linked };
  return trace.getTracer('scalpstorm').startActiveSpan(name, settings, parent, (active) => {
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
  });
}

function endWith(active: Span, error: unknown): void {
  active.setStatus({
    code: SpanStatusCode.ERROR,
    message: redactText(error instanceof Error ? error.message : String(error)),
  });
  active.end();
}

/** Adds the W3C `traceparent` of the active span to the headers and returns them. */
export function injectTrace(headers: Record<string, string>): Record<string, string> {
  propagation.inject(context.active(), headers);
  return headers;
}

/** The trace that a sender put into the headers; the root context when there is none. */
export function extractTrace(headers: Readonly<Record<string, string | undefined>>): TraceContext {
  return propagation.extract(context.active(), headers);
}

/** The W3C `traceparent` of the active span, or null outside of one. */
export function currentTraceparent(): string | null {
  return injectTrace({})['traceparent'] ?? null;
}

let started: NodeTracerProvider | undefined;

/**
 * Starts tracing for this process, once: later calls join the first, so services that share a process share its name.
 * Spans leave the process only when there is an endpoint. The returned function sends what is waiting.
 */
export function startTracing({ service, endpoint }: { service: string; endpoint?: string }): () => Promise<void> {
  if (started === undefined) {
    const exporters =
      endpoint === undefined
        ? []
        : [new BatchSpanProcessor(new OTLPTraceExporter({ url: new URL('/v1/traces', endpoint).href }))];
    started = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'scalpstorm' }),
      spanProcessors: exporters,
    });
    started.register();
  }
  const provider = started;
  return () => provider.forceFlush();
}
