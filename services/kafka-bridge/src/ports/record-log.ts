import type { OutgoingRecord } from '../domain/translate.js';

/** `MESSAGE_TOO_LARGE` and `RECORD_REFUSED` are about what was sent; everything else passes when somebody mends it. */
export type ProduceFailedCode =
  | 'KAFKA_UNREACHABLE'
  | 'KAFKA_TIMEOUT'
  | 'KAFKA_AUTHENTICATION_FAILED'
  | 'KAFKA_NOT_AUTHORIZED'
  | 'KAFKA_TOPIC_UNKNOWN'
  | 'KAFKA_NOT_ENOUGH_REPLICAS'
  | 'KAFKA_FAILED'
  | 'KAFKA_MESSAGE_TOO_LARGE'
  | 'KAFKA_RECORD_REFUSED';

export const produceFailedCodes: readonly ProduceFailedCode[] = [
  'KAFKA_UNREACHABLE',
  'KAFKA_TIMEOUT',
  'KAFKA_AUTHENTICATION_FAILED',
  'KAFKA_NOT_AUTHORIZED',
  'KAFKA_TOPIC_UNKNOWN',
  'KAFKA_NOT_ENOUGH_REPLICAS',
  'KAFKA_FAILED',
  'KAFKA_MESSAGE_TOO_LARGE',
  'KAFKA_RECORD_REFUSED',
];

const aboutTheRecord: ReadonlySet<ProduceFailedCode> = new Set(['KAFKA_MESSAGE_TOO_LARGE', 'KAFKA_RECORD_REFUSED']);

/** None, some or all of the records may be there. */
export class ProduceFailed extends Error {
  override readonly name = 'ProduceFailed';

  constructor(
    readonly code: ProduceFailedCode,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }

  /** A repeat will not cure it. */
  get isAboutTheRecord(): boolean {
    return aboutTheRecord.has(this.code);
  }
}

/** Where records go. */
export abstract class RecordLog {
  /** Resolves when every replica that must have them has them, in the order given per key. @throws ProduceFailed */
  abstract produce(records: readonly OutgoingRecord[]): Promise<void>;

  /** Makes topics that are not there. @throws ProduceFailed */
  abstract createTopics(topics: readonly string[]): Promise<void>;

  abstract close(): Promise<void>;
}
