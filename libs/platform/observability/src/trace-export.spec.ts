import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { Metrics } from './metrics.js';
import { RecordingLog } from './testing.js';
import { BoundedSpans, startTracing } from './trace-export.js';
import { span } from './tracing.js';

const sampled = { spanContext: () => ({ traceFlags: 1 }), resource: {} } as unknown as ReadableSpan;

function spansTo(exporter: SpanExporter) {
  const metrics = new Metrics('execution');
  const log = new RecordingLog();
  const spans = new BoundedSpans(exporter, { metrics, log });
  const counted = async () => {
    const { values = [] } = (await metrics.registry.getSingleMetric('scalpstorm_trace_spans_total')?.get()) ?? {};
    return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
  };
  return { spans, log, counted, end: (count: number) => Array.from({ length: count }, () => spans.onEnd(sampled)) };
}

describe('spans on their way out', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('are counted from the start on, and sent in batches', async () => {
    const exporter = new InMemorySpanExporter();
    const { spans, counted, end } = spansTo(exporter);
    expect(await counted()).toEqual({ sent: 0, failed: 0, dropped: 0 });
    end(3);
    await spans.forceFlush();
    expect(exporter.getFinishedSpans()).toHaveLength(3);
    expect(await counted()).toEqual({ sent: 3, failed: 0, dropped: 0 });
  });

  it('are dropped and counted when too many wait, and nobody is held up', async () => {
    const held: (() => void)[] = [];
    let isStuck = true;
    const stuck: SpanExporter = {
      export: (_, done) => (isStuck ? void held.push(() => done({ code: 0 })) : done({ code: 0 })),
      shutdown: async () => undefined,
    };
    const { spans, end, counted } = spansTo(stuck);
    end(5_000);
    expect(await counted()).toEqual({ sent: 0, failed: 0, dropped: 5_000 - 2_048 });
    isStuck = false;
    for (const letGo of held) letGo();
    await spans.forceFlush();
    expect(await counted()).toEqual({ sent: 2_048, failed: 0, dropped: 5_000 - 2_048 });
  });

  it('that can not be sent are told of once, and once when they can again', async () => {
    let fails = true;
    const exporter: SpanExporter = {
      export: (_, done) => done(fails ? { code: 1, error: new Error('connection refused') } : { code: 0 }),
      shutdown: async () => undefined,
    };
    const { spans, log, end, counted } = spansTo(exporter);
    for (let round = 0; round < 3; round += 1) {
      end(1);
      await spans.forceFlush().catch(() => undefined);
    }
    fails = false;
    end(1);
    await spans.forceFlush();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(await counted()).toEqual({ sent: 1, failed: 3, dropped: 0 });
  });

  it('do not hold up the end of a process when the collector says nothing', async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const flush = startTracing({ service: 'execution', endpoint: `http://127.0.0.1:${port}/` });
    const asked = once(server, 'request');
    span('decide', {}, () => undefined, { begins: true });
    await flush();
    const [request] = (await asked) as [{ url: string }];
    expect(request.url).toBe('/v1/traces');
  });
});
