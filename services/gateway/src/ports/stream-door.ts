import type { StreamFrame } from '../domain/stream-frame.js';

/** The other end of one stream. */
export interface Peer {
  readonly address: string;
  /** Of the page that opened it; null: a program did. */
  readonly origin: string | null;
  /** That came with the address; null: the first frame says who it is. */
  readonly ticket: string | null;
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number;
  send(frame: StreamFrame): void;
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
