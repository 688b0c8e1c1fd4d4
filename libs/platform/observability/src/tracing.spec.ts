import { beforeAll, describe, expect, it } from '@jest/globals';
import { currentTraceparent, extractTrace, injectTrace, span, startTracing } from './tracing.js';

describe('tracing', () => {
  beforeAll(() => {
    startTracing({ service: 'strategy' });
  });

  it('carries a trace through message headers', () => {
    const headers = span('publish', { 'messaging.system': 'nats' }, () => injectTrace({ other: 'kept' }), {
      kind: 'producer',
    });
    expect(headers).toEqual({ other: 'kept', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) });
    const traceId = headers['traceparent']?.split('-')[1];
    const parent = extractTrace(headers);
    const heard = span('process', {}, (active) => active.spanContext().traceId, { kind: 'consumer', parent });
    expect(heard).toBe(traceId);
  });

  it('begins a new trace where the headers have none', () => {
    const first = span('a', {}, (active) => active.spanContext().traceId, { parent: extractTrace({}) });
    const second = span('b', {}, (active) => active.spanContext().traceId, {
      parent: extractTrace({ traceparent: 'bad' }),
    });
    expect(first).not.toBe(second);
  });

  it('puts inner spans into the outer trace, across promises', async () => {
    await span('outer', {}, async (outer) => {
      await Promise.resolve();
      span('inner', {}, (inner) => expect(inner.spanContext().traceId).toBe(outer.spanContext().traceId));
    });
    expect(currentTraceparent()).toBeNull();
  });

  it('ends the span and passes the error on when the work fails', async () => {
    let ended: () => boolean = () => false;
    const failing = span('failing', {}, async (active) => {
      ended = () => !active.isRecording();
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(ended()).toBe(true);
    expect(() =>
      span('sync', {}, () => {
        throw new RangeError('no');
      }),
    ).toThrow(RangeError);
  });
});
