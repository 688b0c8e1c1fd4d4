import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { BotId, ClientOrderId } from '@scalpstorm/model';
import {
  currentLogContext,
  currentTraceparent,
  outOfContext,
  span,
  startTracing,
  withLogContext,
} from '@scalpstorm/observability';
import { anOrderRequest } from '@scalpstorm/testkit';
import { OrderTraces } from './order-traces.js';

const exporter = new InMemorySpanExporter();
const request = anOrderRequest();
const { clientOrderId, accountId, botId, instrumentId } = request;
const about = { clientOrderId, accountId };
const someBot = BotId.of('bot_00000001');

describe('the traces of orders', () => {
  let flush: () => Promise<void>;
  beforeAll(() => {
    flush = startTracing({ service: 'execution', exporter, tracesPerSecondMax: 1_000 });
  });
  afterEach(async () => {
    await flush();
    exporter.reset();
  });

  const finished = async () => {
    await flush();
    return exporter.getFinishedSpans();
  };
  /** As the user stream tells it: within nothing, or within whatever opened the connection. */
  const toldOf = (traces: OrderTraces, id = clientOrderId) =>
    outOfContext(() =>
      traces.told(id, { name: 'fill', about: { clientOrderId: id, accountId } }, async () => ({
        trace: currentTraceparent(),
        line: currentLogContext(),
      })),
    );

  it('take in what the venue tells of an order later, under the request that led to it', async () => {
    const traces = new OrderTraces();
    await withLogContext({ requestId: 'r1' }, () =>
      span('process', {}, () => traces.sending(request, async () => undefined), { begins: true }),
    );
    const { line } = await toldOf(traces);
    const [placed, , fill] = await finished();
    expect([placed?.name, fill?.name]).toEqual(['place order', 'fill']);
    expect(fill?.spanContext().traceId).toBe(placed?.spanContext().traceId);
    expect(fill?.parentSpanContext?.spanId).toBe(placed?.spanContext().spanId);
    expect(fill?.attributes).toMatchObject({ 'bot.id': botId, 'instrument.id': instrumentId });
    expect(line).toEqual({ requestId: 'r1', clientOrderId, accountId, botId });
  });

  it('have an order that is sent again, by a timer, in its own', async () => {
    const traces = new OrderTraces();
    await span('process', {}, () => traces.sending(request, async () => undefined), { begins: true });
    await outOfContext(() => traces.sending(request, async () => undefined));
    const placed = (await finished()).filter(({ name }) => name === 'place order');
    expect(new Set(placed.map((one) => one.spanContext().traceId)).size).toBe(1);
    expect(placed).toHaveLength(2);
  });

  it('know nothing of an order from before the start, which has its ids all the same', async () => {
    const { trace, line } = await toldOf(new OrderTraces());
    expect([trace, line]).toEqual([null, about]);
    expect(await finished()).toEqual([]);
  });

  it('forget the oldest', async () => {
    const traces = new OrderTraces();
    const idOf = (cycle: number) => ClientOrderId.forSlot({ botId: someBot, cycle, leg: 'entry', attempt: 0 });
    const send = async () => {
      for (let cycle = 0; cycle <= 10_000; cycle += 1)
        await traces.sending({ ...request, clientOrderId: idOf(cycle) }, async () => undefined);
    };
    await outOfContext(() => span('all', {}, send, { begins: true }));
    expect((await toldOf(traces, idOf(0))).trace).toBeNull();
    expect((await toldOf(traces, idOf(1))).trace).not.toBeNull();
  });
});
