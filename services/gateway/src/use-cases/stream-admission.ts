import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { refusalAt } from '../domain/admission.js';
import type { Principal } from '../domain/principal.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import type { Identified } from '../ports/access-tokens.js';
import { StreamTickets } from '../ports/stream-tickets.js';
import { Admission } from './admission.js';

/** A stream of a key is let in anew after so long, so that a revoked key does not listen for ever. */
const keyLivesMicros = 900_000_000;

/** To listen is to read. */
const door = { access: 'viewer', personOnly: false, isCommand: false } as const;

export type StreamCredential = { readonly token: string } | { readonly ticket: string };

/** Where a stream comes from. */
export interface StreamPlace {
  readonly address: string;
  /** Of the page; null: a program. */
  readonly origin: string | null;
}

export interface StreamTicketView {
  readonly ticket: string;
  readonly expiresAt: string;
}

/** Who may listen: everybody who may read over HTTP, by the same token or key, or by a ticket that these were changed for. */
@Injectable()
export class StreamAdmission {
  constructor(
    private readonly admission: Admission,
    private readonly tickets: StreamTickets,
    private readonly clock: WallClock,
  ) {}

  async issueTicket(principal: Principal, origin: string | null): Promise<StreamTicketView> {
    const { ticket, expiresAt } = await this.tickets.issue({ principal, origin });
    return { ticket, expiresAt: Timestamp.toIso(expiresAt) };
  }

  /** @throws ProblemRaised as a request over HTTP would, and TICKET_REFUSED */
  async admit(credential: StreamCredential, place: StreamPlace): Promise<Identified> {
    const principal =
      'ticket' in credential
        ? await this.#holderOf(credential.ticket, place)
        : await this.admission.admit(`Bearer ${credential.token}`, place.address, door);
    return { principal, expiresAt: principal.until ?? Timestamp.plus(this.clock.now(), keyLivesMicros) };
  }

  async #holderOf(ticket: string, { address, origin }: StreamPlace): Promise<Principal> {
    const holder = await this.tickets.redeem(ticket);
    const elsewhere = holder !== null && holder.origin !== null && holder.origin !== origin;
    if (holder === null || elsewhere) throw new ProblemRaised(problems.ticketRefused());
    const principal = await this.admission.stillStands(holder.principal, address);
    const refusal = refusalAt(principal, door);
    if (refusal !== null) throw new ProblemRaised(refusal);
    return principal;
  }
}
