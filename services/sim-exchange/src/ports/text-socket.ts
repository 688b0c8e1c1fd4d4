/** One websocket connection, as the handlers see it. */
export abstract class TextSocket {
  /** Never blocks; a client that does not read is cut off by the adapter. */
  abstract send(text: string): void;
}
