import type { Contract, Question } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import { marketEventBegins } from '@scalpstorm/observability';
import { aboutOf } from './about.js';
import { failureOf } from './answerer.js';
import { Bus, type BusState, NoAnswer, type NoAnswerCode, type Sent, type Stamped } from './bus.js';
import type { BusMetrics } from './metrics.js';
import { type MessageHeaders, recordedTraceHeaders, spanned, traceHeaders } from './tracing.js';

export interface Outgoing {
  /** Without the namespace. */
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly headers: MessageHeaders;
}

/** What a bus needs of what carries it: NATS, or memory. */
export interface Carrier {
  readonly state: BusState;
  readonly reconnects: number;
  publish(message: Outgoing): void;
  /** @param attemptsMax one: whoever calls repeats it in an order of its own */
  send(message: Outgoing, messageId: string, attemptsMax?: number): Promise<Sent>;
  /** @throws NoAnswer with a code of the carrier */
  request(message: Outgoing, question: string, timeoutMs: number): Promise<Reply>;
}

export interface Reply {
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
}

const answerMsMaxDefault = 2_000;

/** The bus over any carrier: forms, traces and counts, the same for NATS and for the fake. */
export class CarriedBus extends Bus {
  constructor(
    private readonly carrier: Carrier,
    private readonly metrics: BusMetrics,
    private readonly answerMsMax = answerMsMaxDefault,
  ) {
    super();
  }

  get state(): BusState {
    return this.carrier.state;
  }

  get reconnects(): number {
    return this.carrier.reconnects;
  }

  publish<E extends Stamped>(contract: Contract<E>, event: E): void {
    assert(contract.stream === null, `${contract.name} belongs to a stream: use send`);
    const message = contract.name;
    if (this.state !== 'connected') {
      this.metrics.published.inc({ message, result: 'dropped' });
      return;
    }
    const publish = () => {
      const headers = recordedTraceHeaders();
      this.carrier.publish({ subject: contract.route(event), payload: contract.encode(event), headers });
    };
    // By the thousand, and of most nothing comes: whoever decides on one begins the trace.
    spanned('publish', { template: contract.subject }, publish, { begins: marketEventBegins() });
    this.metrics.published.inc({ message, result: 'published' });
  }

  send<E extends Stamped>(contract: Contract<E>, event: E, messageId: string = event.meta.eventId): Promise<Sent> {
    assert(contract.stream !== null, `${contract.name} travels over core NATS: use publish`);
    const message = contract.name;
    const attributes = { 'messaging.destination.name': contract.stream, 'messaging.message.id': messageId };
    return spanned('send', { template: contract.subject, attributes, about: aboutOf(event) }, async () => {
      const outgoing = { subject: contract.route(event), payload: contract.encode(event), headers: traceHeaders() };
      const stop = this.metrics.sendSeconds.startTimer({ message });
      try {
        const sent = await this.carrier.send(outgoing, messageId);
        this.metrics.published.inc({ message, result: sent.duplicate ? 'duplicate' : 'acknowledged' });
        return sent;
      } catch (cause) {
        this.metrics.published.inc({ message, result: 'failed' });
        throw cause;
      } finally {
        stop();
      }
    });
  }

  ask<Q, R>(question: Question<Q, R>, request: Q, timeoutMs = this.answerMsMax): Promise<R> {
    return spanned('ask', { template: question.subject, about: aboutOf(request) }, async () => {
      const payload = question.request.encode(request);
      try {
        const outgoing = { subject: question.subject, payload, headers: traceHeaders() };
        const answer = readAnswer(question, await this.carrier.request(outgoing, question.name, timeoutMs));
        this.metrics.asked.inc({ question: question.name, result: 'ok' });
        return answer;
      } catch (cause) {
        const result: NoAnswerCode = cause instanceof NoAnswer ? cause.code : 'FAILED';
        this.metrics.asked.inc({ question: question.name, result });
        throw cause;
      }
    });
  }
}

function readAnswer<Q, R>(question: Question<Q, R>, { data, headers }: Reply): R {
  const failure = failureOf(headers);
  if (failure !== null) throw new NoAnswer(failure, question.name);
  try {
    return question.reply.decode(data);
  } catch (cause) {
    throw new NoAnswer('UNREADABLE', question.name, { cause });
  }
}
