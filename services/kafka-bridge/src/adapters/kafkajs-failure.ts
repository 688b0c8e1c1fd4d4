import { ProduceFailed, type ProduceFailedCode } from '../ports/record-log.js';

/** By the broker's own word, as kafkajs spells it. */
const byType: Readonly<Record<string, ProduceFailedCode>> = {
  MESSAGE_TOO_LARGE: 'KAFKA_MESSAGE_TOO_LARGE',
  RECORD_LIST_TOO_LARGE: 'KAFKA_MESSAGE_TOO_LARGE',
  INVALID_RECORD: 'KAFKA_RECORD_REFUSED',
  INVALID_TIMESTAMP: 'KAFKA_RECORD_REFUSED',
  UNKNOWN_TOPIC_OR_PARTITION: 'KAFKA_TOPIC_UNKNOWN',
  INVALID_TOPIC_EXCEPTION: 'KAFKA_TOPIC_UNKNOWN',
  TOPIC_AUTHORIZATION_FAILED: 'KAFKA_NOT_AUTHORIZED',
  CLUSTER_AUTHORIZATION_FAILED: 'KAFKA_NOT_AUTHORIZED',
  SASL_AUTHENTICATION_FAILED: 'KAFKA_AUTHENTICATION_FAILED',
  UNSUPPORTED_SASL_MECHANISM: 'KAFKA_AUTHENTICATION_FAILED',
  ILLEGAL_SASL_STATE: 'KAFKA_AUTHENTICATION_FAILED',
  NOT_ENOUGH_REPLICAS: 'KAFKA_NOT_ENOUGH_REPLICAS',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'KAFKA_NOT_ENOUGH_REPLICAS',
  REQUEST_TIMED_OUT: 'KAFKA_TIMEOUT',
  LEADER_NOT_AVAILABLE: 'KAFKA_UNREACHABLE',
  NOT_LEADER_FOR_PARTITION: 'KAFKA_UNREACHABLE',
  BROKER_NOT_AVAILABLE: 'KAFKA_UNREACHABLE',
};

const byName: Readonly<Record<string, ProduceFailedCode>> = {
  KafkaJSSASLAuthenticationError: 'KAFKA_AUTHENTICATION_FAILED',
  KafkaJSConnectionError: 'KAFKA_UNREACHABLE',
  KafkaJSConnectionClosedError: 'KAFKA_UNREACHABLE',
  KafkaJSBrokerNotFound: 'KAFKA_UNREACHABLE',
  KafkaJSNoBrokerAvailableError: 'KAFKA_UNREACHABLE',
  KafkaJSRequestTimeoutError: 'KAFKA_TIMEOUT',
  KafkaJSTimeout: 'KAFKA_TIMEOUT',
};

const depthMax = 8;

/**
 * kafkajs wraps what went wrong, sometimes twice; the innermost word that we know decides. Its messages name brokers and topics,
 * and the reason of a refused password, never the password.
 */
export function produceFailed(error: unknown): ProduceFailed {
  let code: ProduceFailedCode = 'KAFKA_FAILED';
  let detail = error instanceof Error ? error.message : String(error);
  for (const one of chain(error)) {
    const known = byType[one.type ?? ''] ?? byName[one.name];
    if (known === undefined) continue;
    code = known;
    detail = one.message;
  }
  return new ProduceFailed(code, detail, { cause: error });
}

function chain(error: unknown): (Error & { readonly type?: string })[] {
  const found: (Error & { readonly type?: string })[] = [];
  let current = error;
  while (current instanceof Error && found.length < depthMax) {
    found.push(current);
    // One failure for each topic: they are made together, so the first tells enough.
    const [first]: unknown[] = current instanceof AggregateError || 'errors' in current ? errorsOf(current) : [];
    current = current.cause ?? first;
  }
  return found;
}

const errorsOf = (error: Error): unknown[] =>
  'errors' in error && Array.isArray(error.errors) ? [...error.errors] : [];
