import type { Command } from 'commander';
import type { Row } from '../api-client.js';
import { usageFailure } from '../failure.js';
import { confirm } from '../prompt.js';
import { column, defaultCommand, listed, number, show, time } from '../rows.js';
import type { Runner } from '../runner.js';

interface LimitOptions {
  readonly reason?: string;
  readonly version?: string;
}

interface LimitReply {
  readonly data: readonly Row[];
}

interface SetOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

const limitColumns = [
  column('LIMIT', 'name'),
  number('VALUE', 'value'),
  column('UNIT', 'unit'),
  column('SET FOR', 'source'),
  number('OWN', 'own'),
];
const stateColumns = [
  column('FOR', 'scope'),
  column('TRADING', 'state'),
  time('SINCE', 'since'),
  column('WHY', 'text'),
];
/** What binds me is the stricter of my own state and everybody's. */
const scopes = [
  ['binding', 'me'],
  ['platform', 'everybody'],
] as const;

/** What each state does, in the words of the question. */
const states: Readonly<Record<string, string>> = {
  active: 'orders are opened again',
  reducing: 'only what brings a position toward zero is ordered',
  halted: 'nothing new is opened',
};

export function registerRisk(program: Command, run: Runner): void {
  const risk = program.command('risk').description('limits, and whether trading is allowed');
  defaultCommand(risk, 'state')
    .description('may new orders be opened?')
    .action(
      run(async (context) => {
        const state = (await context.api.get('/v1/risk/state')) as Readonly<
          Record<'binding' | 'platform', Row> & { states?: readonly Row[] }
        >;
        if (context.output.json) {
          context.output.value(state);
          return;
        }
        const own = scopes.map(([scope, title]) => ({ ...state[scope], scope: title }));
        context.output.table([...own, ...(state.states ?? [])], stateColumns);
      }),
    );
  risk
    .command('set <scope> <state>')
    .description('what may be ordered: active, reducing (only toward zero) or halted; closing is never held back')
    .option('--reason <text>', 'why, for everybody to read', '')
    .option('--yes', 'do not ask')
    .action(
      run<SetOptions>(async (context, { operands: [scope = '', state = ''], options: { reason = '', yes } }) => {
        const what = Object.hasOwn(states, state) ? states[state] : undefined;
        if (what === undefined) {
          throw usageFailure('INVALID_STATE', `The state cannot be "${state}".`, Object.keys(states).join(', '));
        }
        await confirm(context.terminal, { question: `For ${scope}, ${what}. Go on?`, yes });
        const confirmed = state === 'active' ? { confirm: scope } : {};
        const body = { scope, state, text: reason, ...confirmed };
        const row = (await context.api.send('POST', '/v1/risk/state', body)) as Row;
        if (context.output.json) context.output.value(row);
        else context.output.table([row], stateColumns);
      }),
    );
  risk
    .command('limits [scope]')
    .description('what orders are measured against, mine or those of a scope such as bot:bot_00000001, and who set it')
    .action(
      run(async (context, { operands: [scope] }) => {
        const query = scope === undefined ? '' : `?scope=${encodeURIComponent(scope)}`;
        show(context, await listed(context, `/v1/risk/limits${query}`, {}), limitColumns, 'no limits');
      }),
    );
  risk
    .command('set-limit <scope> <limit> <value>')
    .description('tighten one limit of a scope; the value none removes it')
    .option('--reason <text>', 'why, for the log', '')
    .option('--version <version>', 'refuse it when the limits of the scope are of another version by now')
    .action(
      run<LimitOptions>(async (context, { operands: [scope, limit = '', value = ''], options }) => {
        const { reason = '', version } = options;
        const body = { scope, limits: { [limit]: value === 'none' ? null : value }, text: reason };
        const expected = version === undefined ? {} : { version: Number(version) };
        const set = (await context.api.send('PATCH', '/v1/risk/limits', { ...body, ...expected })) as LimitReply;
        if (context.output.json) context.output.value(set);
        else context.output.table(set.data, limitColumns);
      }),
    );
}
