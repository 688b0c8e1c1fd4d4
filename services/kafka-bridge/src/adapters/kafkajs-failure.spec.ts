import { expect, test } from '@jest/globals';
import { produceFailed } from './kafkajs-failure.js';

/** As kafkajs makes them; the types of its constructors do not say what they take. */
const failure = (name: string, more: { readonly type?: string; readonly cause?: Error } = {}) =>
  Object.assign(new Error(`${name} ${more.type ?? ''}`), { name, ...more });
const protocol = (type: string) => failure('KafkaJSProtocolError', { type });
const exceeded = (cause: Error) => failure('KafkaJSNumberOfRetriesExceeded', { cause });
const final = (cause: Error) => failure('KafkaJSNonRetriableError', { cause });

test.each([
  ['KAFKA_UNREACHABLE', exceeded(failure('KafkaJSConnectionError'))],
  ['KAFKA_UNREACHABLE', exceeded(protocol('NOT_LEADER_FOR_PARTITION'))],
  ['KAFKA_TIMEOUT', exceeded(failure('KafkaJSRequestTimeoutError'))],
  ['KAFKA_AUTHENTICATION_FAILED', failure('KafkaJSSASLAuthenticationError')],
  ['KAFKA_NOT_AUTHORIZED', final(protocol('TOPIC_AUTHORIZATION_FAILED'))],
  ['KAFKA_TOPIC_UNKNOWN', exceeded(protocol('UNKNOWN_TOPIC_OR_PARTITION'))],
  ['KAFKA_NOT_ENOUGH_REPLICAS', exceeded(protocol('NOT_ENOUGH_REPLICAS_AFTER_APPEND'))],
  ['KAFKA_MESSAGE_TOO_LARGE', final(protocol('MESSAGE_TOO_LARGE'))],
  ['KAFKA_RECORD_REFUSED', protocol('INVALID_RECORD')],
  ['KAFKA_FAILED', new TypeError('something else')],
])('%s is what it means that %s', (code, error) => {
  expect(produceFailed(error).code).toBe(code);
});

test('what is about the record is never waited out, and everything else is', () => {
  const about = (type: string) => produceFailed(protocol(type)).isAboutTheRecord;
  expect(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'].map(about)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['REQUEST_TIMED_OUT', 'TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN'].map(about)).toEqual([false, false, false]);
});
