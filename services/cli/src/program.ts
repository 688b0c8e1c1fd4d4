import { Command, CommanderError } from 'commander';
import { registerActivity } from './commands/activity.js';
import { registerApiKeys } from './commands/api-keys.js';
import { registerAudit } from './commands/audit.js';
import { registerBacktest } from './commands/backtest.js';
import { registerBacktests } from './commands/backtests.js';
import { registerBots } from './commands/bots.js';
import { registerCertificates } from './commands/certificates.js';
import { registerCertify } from './commands/certify.js';
import { registerCompare } from './commands/compare.js';
import { registerCompletion } from './commands/completion.js';
import { registerDeadMan } from './commands/dead-man.js';
import { registerDoctor } from './commands/doctor.js';
import { registerGap } from './commands/gap.js';
import { registerHalt } from './commands/halt.js';
import { registerNotifications } from './commands/notifications.js';
import { registerOptimisations } from './commands/optimisations.js';
import { registerOptimise } from './commands/optimise.js';
import { registerPlatform } from './commands/platform.js';
import { registerReconciliation } from './commands/reconciliation.js';
import { registerReplay } from './commands/replay.js';
import { registerReport } from './commands/report.js';
import { registerRisk } from './commands/risk.js';
import { registerSession } from './commands/session.js';
import { registerSessions } from './commands/sessions.js';
import { registerStrategy } from './commands/strategy.js';
import { registerTrading } from './commands/trading.js';
import { registerUsers } from './commands/users.js';
import { registerVenueAccounts } from './commands/venue-accounts.js';
import { registerWatch } from './commands/watch.js';
import { contextOf } from './context.js';
import { type ExitCode, exitCodes, Failure, failureJson, failureText, usageFailure } from './failure.js';
import type { Terminal } from './output.js';
import type { Environment } from './profile-store.js';
import { refuseRepeated } from './refuse-repeated.js';
import { runnerWith } from './runner.js';

/** Commands that are programs of their own, started by bin/scalpstorm.mjs. */
const elsewhere = ['sim-exchange', 'dead-letters', 'trading'];

const exitText = `
Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 refused by the platform, 4 not reachable, 5 not logged in.
SCALPSTORM_URL, SCALPSTORM_TOKEN and SCALPSTORM_PROFILE stand for --url, a log-in and --profile; NO_COLOR is heeded.`;

/** Runs one command line; resolves with the exit code. */
export async function run(args: readonly string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const program = programOf(terminal, environment);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const asked =
      error instanceof CommanderError ? usageFailure('ASKED_WRONGLY', askedText(error), 'see --help') : error;
    if (!(asked instanceof Failure)) throw asked;
    return tellFailure(asked, terminal, args);
  }
}

/** Why a command line came to nothing; returns the exit code for that. */
export function tellFailure(error: Failure, terminal: Terminal, args: readonly string[]): ExitCode {
  terminal.stderr.write(`${failureText(error)}\n`);
  if (args.includes('--json')) terminal.stdout.write(`${failureJson(error)}\n`);
  return error.exitCode;
}

/** A group without a command shows its help and says nothing more. */
const askedText = ({ message, code }: CommanderError): string =>
  code === 'commander.help' ? 'which command?' : message.replace(/^error: /, '');

export function programOf(terminal: Terminal, environment: Environment): Command {
  const program = new Command('scalpstorm')
    .description('Scalpstorm from the command line.')
    .option('--json', 'JSON on stdout, one value or one a line')
    .option('--no-color', 'no colours; NO_COLOR does the same')
    .option('--url <url>', 'address of the gateway (default: that of the log-in, or http://127.0.0.1:3000)')
    .option('--profile <name>', 'which log-in of this machine', environment['SCALPSTORM_PROFILE'] ?? 'default')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      // Told by `run`, in the form of every other error.
      outputError: () => undefined,
    })
    .addHelpText('after', exitText);
  const runner = runnerWith((options) => contextOf(options, terminal, environment));
  registerSession(program, runner);
  registerSessions(program, runner);
  registerBots(program, runner);
  registerBacktest(program, runner);
  registerBacktests(program, runner);
  registerCertify(program, runner);
  registerCertificates(program, runner);
  registerOptimisations(program, runner);
  registerReplay(program, runner);
  registerGap(program, runner);
  registerReport(program, runner);
  registerCompare(program, runner);
  registerStrategy(program, runner);
  registerOptimise(program, runner);
  registerTrading(program, runner);
  registerActivity(program, runner);
  registerRisk(program, runner);
  registerHalt(program, runner);
  registerDeadMan(program, runner);
  registerReconciliation(program, runner);
  registerAudit(program, runner);
  registerPlatform(program, runner);
  registerVenueAccounts(program, runner);
  registerApiKeys(program, runner);
  registerNotifications(program, runner);
  registerUsers(program, runner);
  registerWatch(program, runner);
  registerDoctor(program, runner);
  registerCompletion(program, runner, elsewhere);
  refuseRepeated(program);
  return program;
}
