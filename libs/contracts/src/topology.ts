import { cycleCompleted } from './codec/bot.js';
import { reconciled } from './codec/execution.js';
import { activityLogged } from './codec/ops.js';
import { orderApproved, orderDenied } from './codec/order.js';
import { tradingStateChanged } from './codec/risk.js';
import type { Speaker, StreamName } from './contract.js';
import { registeredMessages } from './registry.js';
import { inNamespace, subjectFilter } from './subject.js';

/** One JetStream stream. Postgres is the record, so a stream is transport with a short memory and hard limits. */
export interface StreamSpec {
  readonly name: StreamName;
  /** Without the namespace. */
  readonly subjects: readonly string[];
  readonly ageMsMax: number;
  readonly bytesMax: number;
  /** -1: only age and bytes limit. */
  readonly messagesPerSubjectMax: number;
  /** Within it a repeated message id is acknowledged and not kept. */
  readonly duplicateWindowMs: number;
}

/** One durable pull consumer; its name is the speaker, and only the administrator creates it. */
export interface ConsumerSpec {
  readonly speaker: Speaker;
  readonly stream: StreamName;
  /** Without the namespace; empty: the whole stream. */
  readonly filters: readonly string[];
  readonly ackWaitMs: number;
  /** After so many failed deliveries the bus keeps the message as a dead letter. */
  readonly deliveriesMax: number;
  /** So many may be in flight; the server then stops delivering. */
  readonly ackPendingMax: number;
  /** How long the server waits for a word before the 2nd, 3rd … delivery. */
  readonly redeliverAfterMs: readonly number[];
}

/** Who decides or shows by the market, or carries it on, over core NATS; nobody else may listen to it. */
const marketListeners: readonly Speaker[] = [
  'strategy',
  'risk-gate',
  'execution',
  'gateway',
  'inference',
  'kafka-bridge',
];
/** Who trades on what models expect, or shows it. */
const predictionListeners: readonly Speaker[] = ['strategy', 'gateway'];
/** What gateways tell one another holds what users see, and is nobody else's. */
const liveListeners: readonly Speaker[] = ['gateway'];
/** Whose job it is knows only the gateway. */
const researchListeners: readonly Speaker[] = ['gateway'];

/** Who may listen to an event that travels over core NATS. */
export function listenersOf({ subject }: { readonly subject: string }): readonly Speaker[] {
  if (subject.startsWith('prediction.')) return predictionListeners;
  if (subject.startsWith('job.')) return researchListeners;
  return subject.startsWith('gateway.') ? liveListeners : marketListeners;
}

const minute = 60_000;
const hour = 60 * minute;
const mebibyte = 2 ** 20;
const deadLetterPrefix = 'dead-letter.v1';

/** Where a speaker puts what it could not handle, headers telling from where and why. Only the administrator reads it; `*`: of all. */
export const deadLetterSubject = (speaker: Speaker | '*'): string => `${deadLetterPrefix}.${speaker}`;

function stream(name: StreamName, limits: Partial<Omit<StreamSpec, 'name' | 'subjects'>>): StreamSpec {
  return {
    name,
    subjects:
      name === 'DEAD_LETTERS'
        ? [deadLetterSubject('*')]
        : registeredMessages.filter((message) => message.stream === name).map(({ subject }) => subjectFilter(subject)),
    ageMsMax: 24 * hour,
    bytesMax: 32 * mebibyte,
    messagesPerSubjectMax: -1,
    duplicateWindowMs: 2 * minute,
    ...limits,
  };
}

function consumer(
  speaker: Speaker,
  streamName: StreamName,
  contracts: readonly { subject: string }[] = [],
): ConsumerSpec {
  return {
    speaker,
    stream: streamName,
    filters: contracts.map(({ subject }) => subjectFilter(subject)),
    ackWaitMs: 15_000,
    deliveriesMax: 8,
    ackPendingMax: 1_000,
    redeliverAfterMs: [15_000, 15_000, 15_000, 30_000, 60_000],
  };
}

/** Carries a stream on in batches; short, because after a kill everything waits for what the dead process had in hand. */
function carrier(streamName: StreamName, contracts: readonly { subject: string }[] = []): ConsumerSpec {
  const wait = 5_000;
  return {
    ...consumer('kafka-bridge', streamName, contracts),
    ackWaitMs: wait,
    ackPendingMax: 256,
    redeliverAfterMs: [wait, wait, wait, 30_000, 60_000],
  };
}

const streams: readonly StreamSpec[] = [
  stream('ORDER_REQUESTS', { ageMsMax: hour }),
  // The message id of a verdict is the client order id: the longer the window, the longer the first verdict stands alone.
  stream('VERDICTS', { duplicateWindowMs: hour }),
  stream('ORDER_COMMANDS', {}),
  stream('ORDER_EVENTS', { bytesMax: 64 * mebibyte }),
  stream('BOT_EVENTS', { ageMsMax: 7 * 24 * hour, messagesPerSubjectMax: 1_000 }),
  stream('OPS', { ageMsMax: 7 * 24 * hour, messagesPerSubjectMax: 10_000 }),
  // Evidence: it has to outlive whoever wants it gone, and a chain is anchored every few minutes at most.
  stream('AUDIT', { ageMsMax: 400 * 24 * hour, messagesPerSubjectMax: 5_000 }),
  // Strategy keeps what counts; a live bot that is refused meanwhile asks for another one.
  stream('CERTIFICATES', { ageMsMax: 30 * 24 * hour, bytesMax: 16 * mebibyte, duplicateWindowMs: hour }),
  stream('DEAD_LETTERS', { ageMsMax: 30 * 24 * hour, messagesPerSubjectMax: 1_000 }),
];

/**
 * Everything that the administrator creates at launch. No consumer but execution's sees an approval, and the permissions
 * rest on it: a service may pull any consumer that bears its own name.
 */
export const topology: {
  readonly streams: readonly StreamSpec[];
  readonly consumers: readonly ConsumerSpec[];
  /** Made only where their speaker runs, because a consumer that nobody reads looks like one that has fallen behind. */
  readonly optionalConsumers: readonly ConsumerSpec[];
} = {
  streams,
  consumers: [
    consumer('risk-gate', 'ORDER_REQUESTS'),
    consumer('risk-gate', 'ORDER_EVENTS'),
    // Circuit breakers go by what cycles come to.
    consumer('risk-gate', 'BOT_EVENTS', [cycleCompleted]),
    // A refusal is news to the plan that asked.
    consumer('execution', 'VERDICTS', [orderApproved, orderDenied]),
    consumer('execution', 'ORDER_COMMANDS'),
    // A halt reaches what was approved just before it.
    consumer('execution', 'OPS', [tradingStateChanged]),
    consumer('strategy', 'VERDICTS', [orderDenied]),
    consumer('strategy', 'ORDER_EVENTS'),
    consumer('strategy', 'OPS', [tradingStateChanged]),
    consumer('strategy', 'CERTIFICATES'),
    consumer('gateway', 'VERDICTS', [orderDenied]),
    consumer('gateway', 'ORDER_EVENTS'),
    consumer('gateway', 'BOT_EVENTS'),
    consumer('gateway', 'OPS'),
    consumer('gateway', 'AUDIT'),
    consumer('notifications', 'VERDICTS', [orderDenied]),
    consumer('notifications', 'ORDER_EVENTS'),
    consumer('notifications', 'BOT_EVENTS'),
    consumer('notifications', 'OPS', [reconciled, tradingStateChanged, activityLogged]),
  ],
  // Approvals stay between the risk gate and execution: what came of one is in ORDER_EVENTS.
  optionalConsumers: [
    carrier('ORDER_REQUESTS'),
    carrier('VERDICTS', [orderDenied]),
    carrier('ORDER_COMMANDS'),
    carrier('ORDER_EVENTS'),
    carrier('BOT_EVENTS'),
    carrier('OPS'),
  ],
};

/** Every consumer that a speaker may have. */
export const consumersOf = (speaker: Speaker): readonly ConsumerSpec[] =>
  [...topology.consumers, ...topology.optionalConsumers].filter((spec) => spec.speaker === speaker);

/** The stream's configuration as JetStream's API takes it. */
export function streamConfig(namespace: string, spec: StreamSpec) {
  return {
    name: streamIn(namespace, spec.name),
    subjects: spec.subjects.map((subject) => inNamespace(namespace, subject)),
    retention: 'limits' as const,
    storage: 'file' as const,
    discard: 'old' as const,
    max_age: nanos(spec.ageMsMax),
    max_bytes: spec.bytesMax,
    max_msgs_per_subject: spec.messagesPerSubjectMax,
    duplicate_window: nanos(spec.duplicateWindowMs),
    // Direct reads would go past the consumers, and with them past the permissions.
    allow_direct: false,
  };
}

/** The consumer's configuration as JetStream's API takes it. */
export function consumerConfig(namespace: string, spec: ConsumerSpec) {
  return {
    durable_name: spec.speaker,
    ack_policy: 'explicit' as const,
    deliver_policy: 'all' as const,
    ...(spec.filters.length === 0
      ? {}
      : { filter_subjects: spec.filters.map((subject) => inNamespace(namespace, subject)) }),
    ack_wait: nanos(spec.ackWaitMs),
    backoff: spec.redeliverAfterMs.map(nanos),
    // The server never gives up by itself, because it would do so in silence: the bus counts and keeps a dead letter.
    max_deliver: -1,
    max_ack_pending: spec.ackPendingMax,
  };
}

export const streamIn = (namespace: string, name: StreamName): string => `${namespace}-${name}`;

const nanos = (milliseconds: number): number => milliseconds * 1_000_000;
