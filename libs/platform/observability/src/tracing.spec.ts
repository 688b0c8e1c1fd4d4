import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { currentLogContext, withLogContext } from './log-context.js';
import { startTracing } from './trace-export.js';
import {
  annotate,
  currentTrace,
  currentTraceparent,
  extractForeignTrace,
  extractTrace,
  inContext,
  injectTrace,
  moment,
  outOfContext,
  span,
} from './tracing.js';

const exporter = new InMemorySpanExporter();
const begins = { begins: true };

describe('tracing', () => {
  let flush: () => Promise<void>;

  beforeAll(() => {
    flush = startTracing({ service: 'strategy', exporter, tracesPerSecondMax: 1_000 });
  });
  afterEach(async () => {
    await flush();
    exporter.reset();
  });

  const finished = async () => {
    await flush();
    return exporter.getFinishedSpans();
  };

  it('carries a trace through message headers', () => {
    const headers = span('decide', {}, () => injectTrace({ other: 'kept' }), { kind: 'producer', ...begins });
    expect(headers).toEqual({ other: 'kept', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
    const traceId = headers['traceparent']?.split('-')[1];
    const parent = extractTrace(headers);
    const heard = span('process', {}, (active) => active.spanContext().traceId, { kind: 'consumer', parent });
    expect(heard).toBe(traceId);
  });

  it('makes no span where nothing has begun a trace, and begins a new one only where that is said', async () => {
    span('process', {}, () => expect(currentTraceparent()).toBeNull(), {
      parent: extractTrace({ traceparent: 'bad' }),
    });
    expect(await finished()).toEqual([]);
    const traceOf = () => span('decide', {}, (active) => active.spanContext().traceId, begins);
    expect(traceOf()).not.toBe(traceOf());
    expect(await finished()).toHaveLength(2);
  });

  it('records nothing of a trace that its beginning left out, and carries its ids on', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    const seen = span('process', {}, () => currentTraceparent(), { parent: extractTrace({ traceparent }) });
    expect(seen).toBe(traceparent);
    expect(await finished()).toEqual([]);
  });

  it('lets somebody outside name a trace, and decides itself whether it is recorded', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    const parent = extractForeignTrace({ traceparent });
    await span('request', {}, async () => span('inner', {}, () => undefined), { parent, ...begins });
    const spans = await finished();
    expect(spans.map(({ name }) => name)).toEqual(['inner', 'request']);
    for (const one of spans) expect(one.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it.each([
    '00-0-0-01',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ])('takes %s for no trace', (traceparent) => {
    expect(inContext(extractTrace({ traceparent }), {}, () => currentTraceparent())).toBeNull();
  });

  it('puts inner spans into the outer trace, across promises', async () => {
    await span(
      'outer',
      {},
      async (outer) => {
        await Promise.resolve();
        span('inner', {}, (inner) => expect(inner.spanContext().traceId).toBe(outer.spanContext().traceId));
      },
      begins,
    );
    expect(currentTraceparent()).toBeNull();
  });

  it('keeps what becomes known while it runs, and what it is linked to', async () => {
    const before = span('before', {}, () => currentTrace(), begins);
    const work = () => {
      annotate({ 'risk.verdict': 'approved' });
      moment('answer', { 'order.outcome': 'accepted' });
    };
    outOfContext(() => span('after', {}, work, { ...begins, links: [before], startedAt: 1_500.25 }));
    const [first, second] = await finished();
    expect(second?.attributes).toEqual({ 'risk.verdict': 'approved' });
    expect(second?.events.map(({ name }) => name)).toEqual(['answer']);
    expect(second?.links.map(({ context }) => context.spanId)).toEqual([first?.spanContext().spanId]);
    expect(second?.startTime).toEqual([1, 500_250_000]);
    expect(second?.spanContext().traceId).not.toBe(first?.spanContext().traceId);
  });

  it('leaves nothing of whoever happened to run', () => {
    withLogContext({ requestId: 'r1' }, () =>
      span(
        'outer',
        {},
        () => outOfContext(() => expect([currentTraceparent(), currentLogContext()]).toEqual([null, {}])),
        begins,
      ),
    );
  });

  it('ends the span and passes the error on when the work fails, without its secrets', async () => {
    const failing = span('failing', {}, async () => Promise.reject(new RangeError('?signature=hunter2')), begins);
    await expect(failing).rejects.toThrow(RangeError);
    const thrown = () => {
      throw new RangeError('no');
    };
    expect(() => span('sync', {}, thrown, begins)).toThrow(RangeError);
    const spans = await finished();
    expect(spans.map(({ name }) => name)).toEqual(['failing', 'sync']);
    expect(JSON.stringify(spans.map(({ status }) => status))).not.toContain('hunter2');
  });
});
