import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { type Awaited as AwaitedProof, awaitProof, proofLines, readProof } from '../halt-proof.js';
import { numberIn } from '../number-in.js';
import { confirm } from '../prompt.js';
import { textOf } from '../rows.js';
import type { Runner } from '../runner.js';
import { swept, sweptLines } from '../swept.js';

interface HaltOptions {
  readonly reason?: string;
  readonly level?: string;
  readonly scope?: string;
  readonly platform?: boolean;
  readonly wait?: string | true;
  readonly yes?: boolean;
}

/** What each level does, in the words of the question. */
const levels: Readonly<Record<string, string>> = {
  halt: 'nothing new is opened',
  cancel: 'nothing new is opened, and orders that open are canceled',
  flatten: 'nothing new is opened, orders that open are canceled, and positions are closed at the market',
};

const waitSecondsDefault = 60;
const waitSecondsMax = 3_600;
const scopeText = 'mine, account:ID or bot:ID; platform and venue:ID for people of role risk or admin';
const waitText = 'wait until the venues say that nothing is open: at most so long, 60 s when it is not said';

export function registerHalt(program: Command, run: Runner): void {
  program
    .command('halt')
    .description('emergency: stop opening orders at once')
    .option('--level <level>', 'halt, cancel (and open orders go) or flatten (and positions are closed)', 'halt')
    .option('--scope <scope>', scopeText)
    .option('--reason <text>', 'why, for everybody to read', '')
    .option('--platform', 'the same as --scope platform')
    .option('--wait [seconds]', waitText)
    .option('--yes', 'do not ask')
    .action(
      run<HaltOptions>(async (context, { options }) => {
        const { level = 'halt', reason = '' } = options;
        const what = Object.hasOwn(levels, level) ? levels[level] : undefined;
        if (what === undefined) {
          throw usageFailure('INVALID_OPTION', `--level cannot be "${level}".`, Object.keys(levels).join(', '));
        }
        const wanted = wishOf(options, level);
        const scope = scopeOf(options);
        await confirm(context.terminal, { question: `Halt${wordsOf(scope)}: ${what}. Go on?`, yes: options.yes });
        const state = (await context.api.send('POST', '/v1/halt', { text: reason, level, scope })) as Row;
        if (wanted === null) told(context, state);
        else await waited(context, { scope, state, wanted });
        obeyed(state);
      }),
    );

  program
    .command('release')
    .description('allow opening orders again')
    .option('--scope <scope>', scopeText)
    .option('--reason <text>', 'why, for everybody to read', '')
    .option('--platform', 'the same as --scope platform')
    .option('--yes', 'do not ask')
    .action(
      run<HaltOptions>(async (context, { options }) => {
        const scope = scopeOf(options);
        await confirm(context.terminal, {
          question: `Bots${wordsOf(scope)} will open orders again. Go on?`,
          yes: options.yes,
        });
        const body = { text: options.reason ?? '', scope, confirm: scope };
        told(context, (await context.api.send('POST', '/v1/release', body)) as Row);
      }),
    );

  program
    .command('halt-proof [scope]')
    .description('is anything open? what the venues say of every account, and of whom nothing is proved')
    .option('--wait [seconds]', waitText)
    .action(
      run<HaltOptions>(async (context, { operands: [scope = 'mine'], options }) => {
        const wanted = wishOf(options, 'flatten');
        if (wanted !== null) return waited(context, { scope, state: null, wanted });
        const proof = await readProof(context.api, scope);
        if (context.output.json) context.output.value(proof);
        else for (const line of proofLines(proof)) context.output.line(line);
      }),
    );
}

interface Waiting {
  readonly scope: string;
  /** What the halt answered; null: there was none. */
  readonly state: Row | null;
  readonly wanted: AwaitedProof;
}

/** @throws Failure NOT_FLAT when the time is over */
async function waited(context: Context, { scope, state, wanted }: Waiting): Promise<void> {
  if (state !== null && !context.output.json) told(context, state);
  const { proof, proved } = await awaitProof(context.api, scope, wanted);
  if (context.output.json) context.output.value(state === null ? proof : { ...state, proof });
  else for (const line of proofLines(proof)) context.output.line(line);
  if (proved) return;
  throw new Failure('NOT_FLAT', `After ${wanted.seconds} s it is not proved that nothing is open.`, {
    exitCode: exitCodes.failed,
    next: `see the lines above, then: scalpstorm halt-proof ${scope} --wait`,
  });
}

function obeyed(state: Row): void {
  const disobedient = ((state['bots'] ?? []) as readonly Row[]).filter(({ code }) => code !== null);
  if (disobedient.length === 0) return;
  throw new Failure('BOTS_DID_NOT_OBEY', `${disobedient.length} bots did not obey; trading is halted.`, {
    exitCode: exitCodes.refused,
    next: 'repeat it; see scalpstorm bots list',
  });
}

const scopeOf = ({ scope, platform }: HaltOptions): string => scope ?? (platform === true ? 'platform' : 'mine');

function wordsOf(scope: string): string {
  if (scope === 'mine' || scope === 'own') return '';
  return scope === 'platform' ? ' of the whole platform' : ` of ${scope}`;
}

/** Null: nobody waits. @throws Failure when it is no time, and when there is nothing to wait for */
function wishOf({ wait }: HaltOptions, level: string): AwaitedProof | null {
  if (wait === undefined) return null;
  if (level === 'halt') {
    throw usageFailure('INVALID_OPTION', '--wait is for the levels that cancel or close something.', 'cancel, flatten');
  }
  const seconds = wait === true ? waitSecondsDefault : numberIn(wait);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > waitSecondsMax) {
    throw usageFailure('INVALID_OPTION', `--wait cannot be "${wait}".`, `1 to ${waitSecondsMax} seconds`);
  }
  return { seconds, positionsToo: level === 'flatten' };
}

function told({ output }: Context, state: Row): void {
  if (output.json) {
    output.value(state);
    return;
  }
  const { text, since } = state;
  const why = textOf(text) === '' ? '' : `: ${textOf(text)}`;
  const at = textOf(since) === '' ? '' : ` since ${textOf(since)}`;
  const colour = state['state'] === 'active' ? 'green' : 'red';
  output.line(`trading is ${output.paint(textOf(state['state']), colour)}${at}${why}`);
  const done = swept.safeParse(state).data;
  if (done !== undefined) for (const line of sweptLines(done)) output.line(line);
}
