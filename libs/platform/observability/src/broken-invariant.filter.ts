import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { BrokenInvariant } from '@scalpstorm/kernel';
import type { FastifyReply } from 'fastify';

/**
 * Ends the process when the error is a broken invariant: whoever catches everything (a message loop, a filter) calls this first,
 * because a process that has caught itself in a mistake must not go on with what it holds in memory.
 */
export function stopOnBrokenInvariant(error: unknown): void {
  if (!(error instanceof BrokenInvariant)) return;
  // Outside of every try block, so that it reaches the process.
  setImmediate(() => {
    throw error;
  });
}

/** Answers the one request that met the bug, then stops the process. */
@Catch(BrokenInvariant)
export class BrokenInvariantFilter implements ExceptionFilter<BrokenInvariant> {
  catch(error: BrokenInvariant, host: ArgumentsHost): void {
    if (host.getType() === 'http') {
      const reply = host.switchToHttp().getResponse<FastifyReply>();
      reply
        .status(500)
        .send({ code: 'INTERNAL', message: 'The service met a mistake of its own and restarts. Try again.' });
    }
    stopOnBrokenInvariant(error);
  }
}
