import { AddressBroker } from './address-broker.js';
import { JavaBroker } from './java-broker.js';
import { ProtocolMock } from './protocol-mock.js';

/** A record as somebody who reads the topic sees it. */
export interface Seen {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestBroker {
  /** What it is, for the name of the suite: nobody should take a mock for Kafka. */
  readonly kind: string;
  /** For KAFKA_BROKERS. */
  readonly address: string;
  createTopics(topics: readonly string[], settings?: { maxMessageBytes?: number }): Promise<void>;
  /** What is in the topic so far, in the order of each partition. */
  records(topic: string): readonly Seen[];
  close(): Promise<void>;
}

/** One that this test may take down, with what it holds, and bring back at the same address. */
export interface StoppableBroker extends TestBroker {
  stop(): Promise<void>;
  start(): Promise<void>;
}

const { KAFKA_BROKERS, TEST_KAFKA_BROKERS: brokers = KAFKA_BROKERS, TEST_KAFKA_LIBRARIES: libraries } = process.env;

/** A real one where there is one. */
export const brokerKind = brokers ? 'the given broker' : libraries ? 'Kafka' : 'a mock of the Kafka protocol';

export async function openBroker(): Promise<TestBroker> {
  return brokers ? AddressBroker.open('the given broker', brokers) : openStoppableBroker();
}

/** A broker that somebody else runs is never stopped: the mock stands in for it. */
export async function openStoppableBroker(): Promise<StoppableBroker> {
  return libraries ? JavaBroker.open(libraries) : ProtocolMock.open();
}
