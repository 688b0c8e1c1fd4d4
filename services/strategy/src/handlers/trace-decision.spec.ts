import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { Timestamp } from '@scalpstorm/kernel';
import { EventId } from '@scalpstorm/model';
import { currentTraceparent, span, startTracing } from '@scalpstorm/observability';
import { aBot, anOrderRequest } from '@scalpstorm/testkit';
import { type Led, traceDecision } from './trace-decision.js';

const exporter = new InMemorySpanExporter();
const bot = aBot();
const request = anOrderRequest();
const placements = [{ request, ask: 0 }];
const led = (event: Led['event'], marketAt: Timestamp | null = null): Led => {
  return { event, eventId: EventId.of('e1'), marketAt, began: performance.now() };
};

describe('a decision', () => {
  let flush: () => Promise<void>;
  beforeAll(() => {
    flush = startTracing({ service: 'strategy', exporter, tracesPerSecondMax: 1_000 });
  });
  afterEach(async () => {
    await flush();
    exporter.reset();
  });

  const decide = (event: Led['event'], marketAt: Timestamp | null = null) => {
    let said: string | null = null;
    traceDecision({ bot, placements, cancels: [], led: led(event, marketAt) }, () => {
      said = currentTraceparent();
    });
    return said;
  };
  const finished = async () => {
    await flush();
    return exporter.getFinishedSpans();
  };

  it('on a price that nobody traces begins a trace, with what it is about and when the price was', async () => {
    const said = decide('quote', Timestamp.fromMillis(1_700_000_000_000));
    const [decided] = await finished();
    expect(said).toContain(decided?.spanContext().spanId);
    expect(decided?.parentSpanContext).toBeUndefined();
    expect(decided?.attributes).toMatchObject({
      'bot.id': bot.id,
      'account.id': bot.config.accountId,
      'instrument.id': bot.config.instrumentId,
      'order.client_order_id': request.clientOrderId,
      'strategy.name': bot.config.strategy,
      'decision.event': 'quote',
      'event.caused_by': 'e1',
    });
    expect(decided?.events).toEqual([expect.objectContaining({ name: 'market event', time: [1_700_000_000, 0] })]);
  });

  it('on a price or a command that is traced is a part of that trace', async () => {
    span('process', {}, () => decide('quote'), { begins: true });
    const [decided, process] = await finished();
    expect(decided?.parentSpanContext?.spanId).toBe(process?.spanContext().spanId);
  });

  it.each(['order-changed', 'order-denied'] as const)(
    'on %s has a trace of its own, linked to that of the order',
    async (event) => {
      span('process', {}, () => decide(event), { begins: true });
      const [decided, process] = await finished();
      expect(decided?.spanContext().traceId).not.toBe(process?.spanContext().traceId);
      expect(decided?.parentSpanContext).toBeUndefined();
      expect(decided?.links.map(({ context }) => context.spanId)).toEqual([process?.spanContext().spanId]);
    },
  );
});
