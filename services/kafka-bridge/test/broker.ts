import { AddressBroker } from './address-broker.js';
import type { StoppableBroker, TestBroker } from './broker-kinds.js';
import { JavaBroker } from './java-broker.js';
import { ProtocolMock } from './protocol-mock.js';

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
