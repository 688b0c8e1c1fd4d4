import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line inside a piece of work carries, besides the trace ids. */
export interface LogContext {
  readonly requestId?: string;
  readonly eventId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs the work with these fields on all its log lines. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

export function currentLogContext(): LogContext {
  return storage.getStore() ?? {};
}
