/** Where the relay takes the messages: the bus, in production. */
export abstract class OutboxPublisher {
  /** Resolves when the other side has acknowledged the message as stored; a repeated `messageId` is accepted and dropped there. */
  abstract publish(
    subject: string,
    payload: Uint8Array,
    headers: Readonly<Record<string, string>>,
    messageId: string,
  ): Promise<void>;
}
