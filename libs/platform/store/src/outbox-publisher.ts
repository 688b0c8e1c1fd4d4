/** Where the relay takes the messages: the bus, in production. */
export abstract class OutboxPublisher {
  /**
   * Resolves when the other side has acknowledged the message as stored; a repeated `messageId` is accepted and dropped there.
   * @throws an error whose `code` is `REFUSED` when no repeat can cure it (too large, no permission); any other error is weather
   */
  abstract publish(
    subject: string,
    payload: Uint8Array,
    headers: Readonly<Record<string, string>>,
    messageId: string,
  ): Promise<void>;
}
