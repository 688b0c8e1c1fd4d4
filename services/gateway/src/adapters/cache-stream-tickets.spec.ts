import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from '@scalpstorm/cache/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { UserId } from '@scalpstorm/model';
import { FakeClock } from '@scalpstorm/testkit';
import { CacheStreamTickets, ticketLivesMicros, ticketsMax } from './cache-stream-tickets.js';

const settings = {
  setupToken: null,
  signingSecret: 'a secret',
  allowedOrigins: [],
  trustedProxies: [],
  requestsPerSecondPerUser: 1,
  requestsPerSecondPerAddress: 1,
};
const holder = {
  principal: { userId: UserId.of('usr_alice'), role: 'trader' as const, until: Timestamp.fromMillis(2_000_000_000) },
  origin: 'https://trade.example',
};

describe('a ticket for the stream', () => {
  function world() {
    const clock = new FakeClock(Timestamp.fromMillis(1_000_000_000));
    const cache = new MemoryCache(() => Timestamp.toMillis(clock.now()));
    const gateway = (signingSecret = settings.signingSecret) =>
      new CacheStreamTickets(cache, clock, { ...settings, signingSecret });
    return { clock, cache, gateway, tickets: gateway() };
  }

  it('lets its holder in once, at the gateway that gave it', async () => {
    const { tickets, clock } = world();
    const { ticket, expiresAt } = await tickets.issue(holder);
    expect(ticket).toMatch(/^sct_[\w-]{43}$/);
    expect(expiresAt).toBe(Timestamp.plus(clock.now(), ticketLivesMicros));
    expect(await tickets.redeem(ticket)).toEqual(holder);
    expect(await tickets.redeem(ticket)).toBeNull();
  });

  it('is taken by any gateway, and by one of them only', async () => {
    const { tickets, gateway } = world();
    const other = gateway();
    const first = await tickets.issue(holder);
    expect(await other.redeem(first.ticket)).toEqual(holder);
    expect(await tickets.redeem(first.ticket)).toBeNull();
    const second = await tickets.issue(holder);
    expect(await tickets.redeem(second.ticket)).toEqual(holder);
    expect(await other.redeem(second.ticket)).toBeNull();
  });

  it('lets one in when many come at once', async () => {
    const { tickets, gateway } = world();
    const { ticket } = await tickets.issue(holder);
    const gateways = [tickets, gateway(), tickets, gateway()];
    const held = await Promise.all(gateways.map((one) => one.redeem(ticket)));
    expect(held.filter((one) => one !== null)).toEqual([holder]);
  });

  it('ends after half a minute, wherever it is kept', async () => {
    const { tickets, gateway, clock } = world();
    const given = [await tickets.issue(holder), await tickets.issue(holder)];
    clock.advance(ticketLivesMicros);
    expect(await tickets.redeem(given[0]?.ticket ?? '')).toBeNull();
    expect(await gateway().redeem(given[1]?.ticket ?? '')).toBeNull();
  });

  it('that was never given lets nobody in', async () => {
    expect(await world().tickets.redeem(`sct_${'A'.repeat(43)}`)).toBeNull();
  });

  it('works without the cache, where it was given', async () => {
    const { tickets, gateway, cache } = world();
    cache.lost = true;
    const { ticket } = await tickets.issue(holder);
    expect(await gateway().redeem(ticket)).toBeNull();
    expect(await tickets.redeem(ticket)).toEqual(holder);
    expect(await tickets.redeem(ticket)).toBeNull();
  });

  it('that others may have used is refused while nobody can tell', async () => {
    const { tickets, cache } = world();
    const { ticket } = await tickets.issue(holder);
    cache.lost = true;
    expect(await tickets.redeem(ticket)).toBeNull();
  });

  it('is kept neither as it is nor so that another could be made of it', async () => {
    const { tickets, gateway, cache } = world();
    const kept: [string, string][] = [];
    const set = cache.set.bind(cache);
    cache.set = (key, value, ttlMs) => {
      kept.push([key, value]);
      return set(key, value, ttlMs);
    };
    const { ticket } = await tickets.issue(holder);
    expect(JSON.stringify(kept)).not.toContain(ticket);
    expect(await gateway('another secret').redeem(ticket)).toBeNull();
    const [key = '', value = ''] = kept[0] ?? [];
    await set(key, value.replace('usr_alice', 'usr_mallo'), 60_000);
    expect(await gateway().redeem(ticket)).toBeNull();
  });

  it('does not fill the memory: the oldest are forgotten', async () => {
    const { tickets, cache } = world();
    cache.lost = true;
    const first = await tickets.issue(holder);
    let last = first;
    for (let count = 0; count < ticketsMax; count += 1) last = await tickets.issue(holder);
    expect(await tickets.redeem(first.ticket)).toBeNull();
    expect(await tickets.redeem(last.ticket)).toEqual(holder);
  });
});
