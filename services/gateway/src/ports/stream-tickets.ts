import type { Timestamp } from '@scalpstorm/kernel';
import type { Principal } from '../domain/principal.js';

/** Whom a ticket lets in, and from which page. */
export interface TicketHolder {
  readonly principal: Principal;
  /** The page that asked for it; null: a program did. */
  readonly origin: string | null;
}

export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresAt: Timestamp;
}

/** What opens one stream, once, within half a minute: it may stand in an address, because nobody can use it again. */
export abstract class StreamTickets {
  abstract issue(holder: TicketHolder): Promise<IssuedTicket>;
  /** Uses it up. Null when it was never given, has expired or was used. */
  abstract redeem(ticket: string): Promise<TicketHolder | null>;
}
