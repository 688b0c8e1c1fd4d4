import { ConfigError } from '@scalpstorm/config';
import type { Log } from './log.js';

/** One service that lives in this process. */
export interface ProcessTenant {
  readonly service: string;
  readonly log: Log;
  close(): Promise<void>;
}

/** A service that has not stopped by then is cut off. */
const stopMs = 5_000;
/** `EX_CONFIG` of sysexits.h: starting again would not help. */
export const configExitCode = 78;

const tenants = new Set<ProcessTenant>();
let hooked = false;
let stopping = false;

/** Ties a service to the life of its process: signals, the parent's end, and errors that nobody caught. */
export function ownProcess(tenant: ProcessTenant, { withParent }: { withParent: boolean }): void {
  tenants.add(tenant);
  if (withParent) followParent();
  if (hooked) return;
  hooked = true;
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('uncaughtException', (error) => die(error));
  process.on('unhandledRejection', (reason) => die(reason));
}

/** The process could not start; says why, and the next step where the error knows one, and ends it. */
export function failStart(log: Log, error: unknown): never {
  if (error instanceof ConfigError) {
    log.fatal({ code: error.code, problems: error.problems }, error.message);
    process.exit(configExitCode);
  }
  const { code, next } = (error ?? {}) as { readonly code?: unknown; readonly next?: unknown };
  if (typeof code === 'string' && typeof next === 'string') {
    // Somebody has to do something: starting again would not help.
    log.fatal({ code, next }, error instanceof Error ? error.message : code);
    process.exit(configExitCode);
  }
  log.fatal({ error }, 'could not start');
  process.exit(1);
}

let followed = false;

function followParent(): void {
  if (followed) return;
  followed = true;
  const ended = () => void stop('the parent process is gone');
  process.stdin.on('end', ended).on('close', ended).on('error', ended);
  process.stdin.resume();
}

async function stop(why: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const { log } of tenants) log.info({ why }, 'stopping');
  const deadline = setTimeout(() => {
    for (const { log } of tenants) log.fatal({ seconds: stopMs / 1_000 }, 'did not stop in time and is cut off');
    process.exit(1);
  }, stopMs);
  const results = await Promise.allSettled([...tenants].map((tenant) => tenant.close()));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  for (const { log } of tenants) {
    for (const error of failures) log.error({ error }, 'failed while stopping');
    log.info({}, 'stopped');
  }
  await Promise.all([...tenants].map(({ log }) => log.flush()));
  clearTimeout(deadline);
  process.exit(failures.length === 0 ? 0 : 1);
}

/** What nobody caught is a bug: state in memory is no longer trusted, and start-up is recovery. */
function die(error: unknown): void {
  for (const { log } of tenants) log.fatal({ error }, 'stops because of an error that nobody caught');
  process.exit(1);
}
