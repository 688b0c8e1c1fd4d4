import { help, readOptions, UsageError } from './options.js';
import { startSimExchange } from './sim-exchange.module.js';

/** Exit codes: 0 ended as asked, 1 could not run, 2 was asked wrongly. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number | null> {
  try {
    const options = readOptions(argv, env);
    if (options === null) {
      process.stdout.write(`${help}\n`);
      return 0;
    }
    const running = await startSimExchange(options);
    process.stdout.write(`${JSON.stringify(running.announcement)}\n`);
    endWith(() => running.stop(), env);
    // A broken invariant or a state that cannot be written: it ends here, and the next start goes on from what is written.
    process.on('uncaughtException', (error) => {
      process.stderr.write(`${describeFailure(error)}\n`);
      process.exit(1);
    });
    const report = await running.run();
    // The last book stays, and so does the service: whoever waited for the end of the file may still ask.
    process.stdout.write(`${JSON.stringify({ event: 'end-of-file', ...report })}\n`);
    return null;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Ends on SIGTERM and SIGINT, and when a parent that holds our stdin is gone. */
function endWith(stop: () => Promise<void>, env: Readonly<Record<string, string | undefined>>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // Whatever hangs must not keep the process: it ends within a second.
    setTimeout(() => process.exit(0), 800).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (env['SCALPSTORM_PARENT'] !== 'stdin') return;
  process.stdin.on('end', end);
  process.stdin.on('error', end);
  process.stdin.resume();
}

function describeFailure(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === 'EADDRINUSE')
    return 'PORT_IN_USE: --port is taken by another program. Use --port 0 for a free one, or end that program.';
  if (code === 'EACCES')
    return 'PORT_NOT_ALLOWED: --port needs rights that this user does not have. Use a port above 1023, or 0.';
  return `${code ?? 'SIM_EXCHANGE_FAILED'}: ${message ?? String(error)}`;
}
