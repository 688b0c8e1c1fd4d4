import type { Context } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type Span,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import { BoundedSampler } from './trace-sampler.js';

export interface TracingSettings {
  readonly service: string;
  /** Of a collector that takes OTLP over HTTP; `/v1/traces` is added. Without one nothing is recorded. */
  readonly endpoint?: string | undefined;
  /** Of the traces that begin in this process, 0 to 1; 1 by default. */
  readonly ratio?: number;
  readonly tracesPerSecondMax?: number;
  /** Of the market events, 0 to 1, that begin a trace whether or not anything comes of them; 0 by default. */
  readonly marketRatio?: number;
  /** No ids are made either, and log lines have none. */
  readonly disabled?: boolean;
  /** In tests: instead of one that sends to `endpoint`. */
  readonly exporter?: SpanExporter;
}

export interface TracingPorts {
  readonly metrics?: Metrics;
  readonly log?: Log;
}

/** Waiting spans; one more is dropped and counted, because trading never waits for them. */
const waitingMax = 2_048;
const batchMax = 512;
const batchEveryMs = 1_000;
/** After it the batch is given up. */
const exportMs = 5_000;
/** A collector that is away must not hold up the end of a process. */
const flushMs = 1_000;
const valueLengthMax = 256;
const spanLimits = { attributeValueLengthLimit: valueLengthMax, attributeCountLimit: 32, eventCountLimit: 16 };
const tracesPerSecondDefault = 50;
/** As OpenTelemetry's results of an export have it. */
const failed = 1;

let started: NodeTracerProvider | undefined;
let marketRatio = 0;

/**
 * Starts tracing for this process, once: later calls join the first, so services that share a process share its name.
 * The returned function sends what is waiting, as far as that is possible at once.
 */
export function startTracing(settings: TracingSettings, ports: TracingPorts = {}): () => Promise<void> {
  if (settings.disabled === true) return async () => undefined;
  started ??= register(settings, ports);
  const provider = started;
  return () => flushed(provider);
}

/** Whether the market event that is told now begins a trace: decided by lot, before it costs anything. */
export const marketEventBegins = (): boolean => marketRatio > 0 && Math.random() < marketRatio;

function register(settings: TracingSettings, ports: TracingPorts): NodeTracerProvider {
  const { service, endpoint, ratio = 1, tracesPerSecondMax = tracesPerSecondDefault } = settings;
  const exporter = settings.exporter ?? (endpoint === undefined ? null : exporterTo(endpoint));
  marketRatio = exporter === null ? 0 : (settings.marketRatio ?? 0);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'scalpstorm' }),
    sampler: new BoundedSampler({ ratio: exporter === null ? 0 : ratio, perSecondMax: tracesPerSecondMax }),
    spanProcessors: exporter === null ? [] : [new BoundedSpans(exporter, ports)],
    spanLimits,
  });
  // Headers are written and read in `traceparent.ts`.
  provider.register({ propagator: null });
  return provider;
}

/** Loaded by a process that has a collector: to load it takes a fifth of the start of a service. */
function exporterTo(endpoint: string): SpanExporter {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const loaded = import('@opentelemetry/exporter-trace-otlp-http').then(
    ({ OTLPTraceExporter }) => new OTLPTraceExporter({ url, timeoutMillis: exportMs, concurrencyLimit: 2 }),
  );
  // Each export that needs it tells of the failure.
  loaded.catch(() => undefined);
  return {
    export: (spans, done) => {
      loaded.then(
        (exporter) => exporter.export(spans, done),
        (error: Error) => done({ code: failed, error }),
      );
    },
    forceFlush: async () => (await loaded).forceFlush(),
    shutdown: async () => (await loaded).shutdown(),
  };
}

async function flushed(provider: NodeTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, flushMs);
  });
  // What could not be sent is counted and told already.
  await Promise.race([provider.forceFlush().catch(() => undefined), late]);
  clearTimeout(timer);
}

type Outcome = 'sent' | 'failed' | 'dropped';

/** Spans on their way out: bounded, counted, and told once when they can not be sent and once when they can again. */
export class BoundedSpans implements SpanProcessor {
  private readonly batches: BatchSpanProcessor;
  private readonly counter;
  private waiting = 0;
  private failing = false;

  constructor(
    exporter: SpanExporter,
    private readonly ports: TracingPorts,
  ) {
    this.counter = ports.metrics?.counter<'outcome'>({
      name: 'trace_spans_total',
      help: 'Spans that were recorded, by what became of them.',
      labels: ['outcome'],
    });
    for (const outcome of ['sent', 'failed', 'dropped'] as const) this.count(outcome, 0);
    this.batches = new BatchSpanProcessor(this.counted(exporter), {
      maxQueueSize: waitingMax,
      maxExportBatchSize: batchMax,
      scheduledDelayMillis: batchEveryMs,
      exportTimeoutMillis: exportMs,
    });
  }

  onStart(active: Span, parent: Context): void {
    this.batches.onStart(active, parent);
  }

  onEnd(ended: ReadableSpan): void {
    if (this.waiting >= waitingMax) {
      this.count('dropped', 1);
      return;
    }
    this.waiting += 1;
    this.batches.onEnd(ended);
  }

  forceFlush(): Promise<void> {
    return this.batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.batches.shutdown();
  }

  private counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          this.waiting -= spans.length;
          this.count(result.error === undefined && result.code === 0 ? 'sent' : 'failed', spans.length);
          this.tell(result.code === 0 ? null : (result.error ?? new Error('refused')));
          done(result);
        }),
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    };
  }

  private count(outcome: Outcome, spans: number): void {
    this.counter?.inc({ outcome }, spans);
  }

  private tell(error: Error | null): void {
    const failing = error !== null;
    if (failing === this.failing) return;
    this.failing = failing;
    if (failing)
      this.ports.log?.warn({ error }, 'traces can not be sent and are dropped; trading does not wait for them');
    else this.ports.log?.info({}, 'traces are sent again');
  }
}
