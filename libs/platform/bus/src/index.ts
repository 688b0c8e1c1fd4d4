export { type About, aboutOf, attributesOf } from './about.js';
export { AuditAnchors, type AuditAnchorsOptions, type ChainEnd } from './audit-anchors.js';
export { type Backoff, backoffMs } from './backoff.js';
export {
  Bus,
  type BusState,
  NoAnswer,
  type NoAnswerCode,
  SendFailed,
  type SendFailedCode,
  type Sent,
  type Stamped,
} from './bus.js';
export { BusModule, type BusModuleOptions } from './bus.module.js';
export { type CarriedMessage, countMessages, fillStreams, readStream, type StreamSpan } from './carried-streams.js';
export {
  type DeadLetterEntry,
  type DeadLetterPage,
  deadLetterPageMax,
  listDeadLetters,
  type Replayed,
  replayDeadLetters,
} from './dead-letters.js';
export { declaredHandlers } from './declared-handlers.js';
export type { DeadLetter, DeadLetterCause, Delivery } from './delivery.js';
export { Answers, Hears, Listens } from './handlers.js';
export { Intake, type IntakePorts, type IntakeSettings } from './intake.js';
export type { NatsAddress } from './link.js';
export { newEventId, newMeta } from './meta.js';
export { BusMetrics } from './metrics.js';
export { NatsBus, type NatsBusOptions } from './nats-bus.js';
export { BusOutboxPublisher, type OutboxMessage, outboxMessage } from './outbox.js';
export { done, type Outcome, poison, retry, retryAtMost } from './outcome.js';
export { type Provisioning, provisionTopology, removeTopology } from './provision.js';
export { type KeptMessage, ReadBack } from './read-back.js';
export {
  type Answering,
  answering,
  type Handlers,
  type Hearing,
  type HearsOptions,
  hearing,
  type Listening,
  type ListensOptions,
  listening,
  type MessageContext,
  Receiver,
} from './receiver.js';
export { type BatchLimits, type ReadMessage, StreamReader, StreamReaders } from './stream-reader.js';
export { asCarried, type MessageHeaders, requestHeader, traceHeaders } from './tracing.js';
export { ScalpstormTransport } from './transport.js';
export { isWeather } from './weather.js';
