import type { StreamName } from '@scalpstorm/contracts';
import { Metrics } from '@scalpstorm/observability';
import type { DeadLetterCause } from './delivery.js';

const handledOutcomes = ['done', 'retry', 'poison', 'failed'] as const;
const deadLetterCauses: readonly DeadLetterCause[] = ['poison', 'unreadable', 'exhausted'];
const listenedOutcomes = ['done', 'failed', 'dropped'] as const;
const answeredResults = ['ok', 'FAILED', 'OVERLOADED', 'UNREADABLE'] as const;

/** Everything the bus counts. `message` is the contract's name and `stream` has no namespace, so label values stay few. */
export class BusMetrics {
  readonly published;
  readonly sendSeconds;
  readonly handled;
  readonly handlerSeconds;
  readonly redelivered;
  readonly deadLetters;
  readonly pending;
  readonly inHand;
  readonly waitingOut;
  readonly stalls;
  readonly listened;
  readonly asked;
  readonly answered;
  readonly reconnects;

  constructor(metrics: Metrics = new Metrics('bus')) {
    this.published = metrics.counter({
      name: 'bus_published_total',
      help: 'Messages published, by result',
      labels: ['message', 'result'],
    });
    this.sendSeconds = metrics.histogram({
      name: 'bus_send_seconds',
      help: 'From send to the acknowledgement of the stream',
      labels: ['message'],
    });
    this.handled = metrics.counter({
      name: 'bus_handled_total',
      help: 'Stream messages handled, by outcome',
      labels: ['message', 'outcome'],
    });
    this.handlerSeconds = metrics.histogram({
      name: 'bus_handler_seconds',
      help: 'Time in the handler of a stream message',
      labels: ['message'],
    });
    this.redelivered = metrics.counter({
      name: 'bus_redelivered_total',
      help: 'Stream messages delivered more than once',
      labels: ['stream'],
    });
    this.deadLetters = metrics.counter({
      name: 'bus_dead_letters_total',
      help: 'Messages put aside for a person',
      labels: ['stream', 'cause'],
    });
    this.pending = metrics.gauge({
      name: 'bus_pending',
      help: 'Messages in the stream that were not yet delivered to this consumer',
      labels: ['stream'],
    });
    this.inHand = metrics.gauge({
      name: 'bus_in_hand',
      help: 'Messages delivered and not yet acknowledged',
      labels: ['stream'],
    });
    this.waitingOut = metrics.gauge({
      name: 'bus_waiting_out',
      help: 'Messages in hand that wait for something that is away',
      labels: ['stream'],
    });
    this.stalls = metrics.counter({
      name: 'bus_stalls_total',
      help: 'Times a silent consumer was pulled again',
      labels: ['stream'],
    });
    this.listened = metrics.counter({
      name: 'bus_listened_total',
      help: 'Core NATS messages, by outcome',
      labels: ['message', 'outcome'],
    });
    this.asked = metrics.counter({
      name: 'bus_asked_total',
      help: 'Questions asked, by result',
      labels: ['question', 'result'],
    });
    this.answered = metrics.counter({
      name: 'bus_answered_total',
      help: 'Questions answered, by result',
      labels: ['question', 'result'],
    });
    this.reconnects = metrics.counter({ name: 'bus_reconnects_total', help: 'Times the connection was made again' });
  }

  /** From the start on: what has not happened yet is 0, and not unknown. */
  hears(stream: StreamName, messages: readonly string[]): void {
    this.redelivered.inc({ stream }, 0);
    this.stalls.inc({ stream }, 0);
    this.inHand.set({ stream }, 0);
    this.waitingOut.set({ stream }, 0);
    for (const cause of deadLetterCauses) this.deadLetters.inc({ stream, cause }, 0);
    for (const message of messages) {
      for (const outcome of handledOutcomes) this.handled.inc({ message, outcome }, 0);
      this.handlerSeconds.zero({ message });
    }
  }

  listens(message: string): void {
    for (const outcome of listenedOutcomes) this.listened.inc({ message, outcome }, 0);
  }

  answers(question: string): void {
    for (const result of answeredResults) this.answered.inc({ question, result }, 0);
  }
}
