import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sameSecret } from '@scalpstorm/auth';
import { Cache, CacheUnavailable } from '@scalpstorm/cache';
import { second, Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { GatewaySettings } from '../ports/gateway-settings.js';
import { type IssuedTicket, StreamTickets, type TicketHolder } from '../ports/stream-tickets.js';

/** What every ticket begins with, so that people and secret scanners know one. */
export const ticketPrefix = 'sct_';
export const ticketLivesMicros = 30 * second;
/** With more, the oldest are forgotten; their clients ask for another. */
export const ticketsMax = 10_000;
const cacheMs = 60_000;

interface Kept extends TicketHolder {
  readonly expiresAt: Timestamp;
}

/**
 * Tickets in the cache, so that any gateway takes them, and beside it in memory, so that streams open without it. A ticket
 * that was shared is used up by a counter that all gateways share: while that is lost it is refused, and the next ticket,
 * which is known here alone, works. Kept under a hash and signed: whoever reads or writes the cache gets in by neither.
 */
@Injectable()
export class CacheStreamTickets extends StreamTickets {
  readonly #own = new Map<string, Kept & { readonly shared: boolean }>();

  constructor(
    private readonly cache: Cache,
    private readonly clock: WallClock,
    private readonly settings: GatewaySettings,
  ) {
    super();
  }

  async issue(holder: TicketHolder): Promise<IssuedTicket> {
    const ticket = `${ticketPrefix}${randomBytes(32).toString('base64url')}`;
    const key = keyOf(ticket);
    const kept = { ...holder, expiresAt: Timestamp.plus(this.clock.now(), ticketLivesMicros) };
    const shared = await this.#share(key, kept);
    this.#forgetOld();
    this.#own.set(key, { ...kept, shared });
    return { ticket, expiresAt: kept.expiresAt };
  }

  async redeem(ticket: string): Promise<TicketHolder | null> {
    const key = keyOf(ticket);
    const own = this.#own.get(key);
    // Gone before anything is awaited: of two that come at once here, one finds nothing and asks the counter.
    this.#own.delete(key);
    const kept = own ?? this.#read(key, await this.cache.get(key));
    if (kept === null || kept.expiresAt <= this.clock.now()) return null;
    if (own?.shared !== false && !(await this.#isFirst(key))) return null;
    return { principal: kept.principal, origin: kept.origin };
  }

  /** False while the cache is lost. */
  async #share(key: string, kept: Kept): Promise<boolean> {
    try {
      await this.cache.healthy();
    } catch (error) {
      if (error instanceof CacheUnavailable) return false;
      throw error;
    }
    const json = JSON.stringify(kept);
    await this.cache.set(key, `${this.#signature(key, json)}${json}`, cacheMs);
    return true;
  }

  async #isFirst(key: string): Promise<boolean> {
    try {
      return (await this.cache.increment(`${key}:used`, cacheMs)) === 1;
    } catch (error) {
      if (error instanceof CacheUnavailable) return false;
      throw error;
    }
  }

  #read(key: string, text: string | null): Kept | null {
    if (text === null) return null;
    const json = text.slice(signatureCharacters);
    return sameSecret(text.slice(0, signatureCharacters), this.#signature(key, json))
      ? (JSON.parse(json) as Kept)
      : null;
  }

  #signature(key: string, json: string): string {
    return createHmac('sha256', this.settings.signingSecret).update(`stream ticket\n${key}\n${json}`).digest('hex');
  }

  #forgetOld(): void {
    const now = this.clock.now();
    // In the order in which they were given, which is the order in which they expire.
    for (const [key, { expiresAt }] of this.#own) {
      if (expiresAt > now && this.#own.size < ticketsMax) return;
      this.#own.delete(key);
    }
  }
}

const signatureCharacters = 64;

const keyOf = (ticket: string): string =>
  `stream-ticket:${createHash('sha256').update(ticket).digest('base64url').slice(0, 32)}`;
