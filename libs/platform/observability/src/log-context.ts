import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line inside a piece of work carries, besides the trace ids. */
export interface LogContext {
  readonly requestId?: string;
  readonly eventId?: string;
  readonly botId?: string;
  readonly clientOrderId?: string;
  readonly accountId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();
const nothing: LogContext = {};

/** Runs the work with these fields on all its log lines, besides those that it has. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, work);
}

/** Runs the work with these fields and no others: what it is about has nothing to do with who happened to begin it. */
export function inLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

export function currentLogContext(): LogContext {
  return storage.getStore() ?? nothing;
}
