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
