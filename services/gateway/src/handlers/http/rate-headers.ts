import type { FastifyReply } from 'fastify';
import type { RateStanding } from '../../ports/rate-limits.js';

/** Every budget is counted in windows of so many seconds. */
const windowSeconds = 10;

/** Adds what is left of a budget, as draft-ietf-httpapi-ratelimit-headers says it; a request may count against several. */
export function tellRate(reply: FastifyReply, { name, limit, remaining, resetSeconds }: RateStanding): void {
  add(reply, 'ratelimit-policy', `"${name}";q=${limit};w=${windowSeconds}`);
  add(reply, 'ratelimit', `"${name}";r=${remaining};t=${resetSeconds}`);
}

function add(reply: FastifyReply, header: string, value: string): void {
  const before = reply.getHeader(header);
  reply.header(header, before === undefined ? value : `${String(before)}, ${value}`);
}
