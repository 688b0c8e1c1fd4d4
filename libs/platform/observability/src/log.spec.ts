import { describe, expect, it } from '@jest/globals';
import { PinoLog } from './log.js';
import { withLogContext } from './log-context.js';
import { startTracing } from './trace-export.js';
import { span } from './tracing.js';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: PinoLog.create({ service: 'execution', level, destination }) };
}

describe('PinoLog', () => {
  it('writes one JSON line a fact, with its service, level and time', () => {
    const { lines, log } = capture();
    log.info({ orderId: 's1' }, 'sent');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'execution', orderId: 's1', msg: 'sent' },
    ]);
  });

  it('never writes a secret, not in fields, not in bindings, not in the text', () => {
    const { lines, log } = capture();
    log.child({ apiKey: 'hunter1' }).warn({ a: { b: { token: 'hunter2' } } }, 'at nats://u:hunter3@host');
    log.error({ error: new Error('?signature=hunter4') }, 'failed');
    log.fatal({ password: 'hunter5' }, 'end');
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toContain('hunter');
  });

  it('keeps quiet below its level', () => {
    const { lines, log } = capture('info');
    log.debug({}, 'detail');
    expect(lines).toEqual([]);
    const talkative = capture('debug');
    talkative.log.debug({}, 'detail');
    expect(talkative.lines).toHaveLength(1);
  });

  it('carries the request id and the trace of the work in which it speaks', async () => {
    startTracing({ service: 'execution' });
    const { lines, log } = capture();
    await withLogContext({ requestId: 'r1' }, () =>
      span(
        'place order',
        {},
        async (active) => {
          await Promise.resolve();
          log.info({}, 'inside');
          const { traceId, spanId } = active.spanContext();
          expect(lines[0]).toMatchObject({ requestId: 'r1', trace_id: traceId, span_id: spanId });
        },
        { begins: true },
      ),
    );
    log.info({}, 'outside');
    expect(Object.keys(lines[1] ?? {}).sort()).toEqual(['level', 'msg', 'service', 'time']);
  });
});
