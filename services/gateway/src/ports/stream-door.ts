/** The other end of one websocket. */
export interface Peer {
  readonly address: string;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** What happens to a peer after it came in. */
export interface PeerListener {
  onText(text: string): void;
  onClose(): void;
}

/** Where websockets come in. The heartbeat and the checks of origin and size are behind it. */
export abstract class StreamDoor {
  abstract open(accept: (peer: Peer) => PeerListener): void;
}
