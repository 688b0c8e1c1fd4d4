import type { FastifyInstance } from 'fastify';
import { problems } from '../../domain/problem.js';
import { isBrake } from './brake.js';
import { sendProblem } from './problem.filter.js';

/** Whoever restarts us asks here; it waits for nothing. */
export const probePath = '/health/live';

/**
 * Bounds how many requests wait for Postgres and other services: beyond that each would only make all of them later. A request counts
 * from when its body is there, so that slow senders take no room.
 */
export function limitRequestsAtOnce(server: FastifyInstance, atOnceMax: number): void {
  let underWay = 0;
  server.addHook('preHandler', async (request, reply) => {
    const { method, routeOptions } = request;
    const { url } = routeOptions;
    if (underWay >= atOnceMax && !isBrake(method, url) && url !== probePath) {
      sendProblem(reply, request, problems.tooManyAtOnce(atOnceMax));
      return reply;
    }
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
  });
}
