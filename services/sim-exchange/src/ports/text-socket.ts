/** One websocket connection, as the handlers see it. */
export abstract class TextSocket {
  /**
   * Never blocks; a client that does not read is cut off by the adapter. `stream` names the public stream that the text is an
   * event of; without it the text is what the adapter expects by itself.
   */
  abstract send(text: string, stream?: string): void;
}
