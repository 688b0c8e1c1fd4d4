import { type ExitCode, Failure } from './failure.js';

/**
 * The code of a strategy's module runs in this process and may end it, even with the code of a success; nothing of the platform's does.
 * From now on this process ends with the code of its command, or where that was not over, with that of the failure which is told then.
 * @param tell says why the command came to nothing; returns the exit code for that
 * @returns what the command calls once it is over, with its exit code
 */
export function heedEarlyExit(tell: (failure: Failure) => ExitCode): (status: ExitCode) => void {
  let ended: ExitCode | null = null;
  const keepCode = (exitCode: number): void => {
    process.exitCode = ended ?? tell(endedByModule(exitCode));
  };
  process.on('exit', keepCode);
  // Node tells these itself, and they are nobody's exit: an error that nobody caught, and a wait for what never comes.
  for (const event of ['uncaughtExceptionMonitor', 'beforeExit'])
    process.once(event, () => process.off('exit', keepCode));
  return (status) => {
    ended = status;
    process.exitCode = status;
  };
}

const endedByModule = (exitCode: number): Failure =>
  new Failure(
    'STRATEGY_MODULE_EXITS',
    `the strategy's module ended this process before the command was over (exit code ${exitCode}).`,
    { next: 'take process.exit out of it, or throw an error in its place' },
  );
