import type { LoggerService } from '@nestjs/common';
import type { Log } from './log.js';

/** Nest's own words, among ours. Its start-up chatter is at `debug`. */
export class NestLog implements LoggerService {
  constructor(private readonly log_: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.log_.debug({ context: contextOf(rest) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const error = message instanceof Error ? message : undefined;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    this.log_.error({ context: contextOf(rest), error, stack }, error?.message ?? String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.log_.warn({ context: contextOf(rest) }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.log_.debug({ context: contextOf(rest) }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.log_.fatal({ context: contextOf(rest) }, String(message));
  }
}

/** Nest passes the class that speaks as the last argument. */
function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}
