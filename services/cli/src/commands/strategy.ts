import { existsSync, globSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { barStrategies } from '@scalpstorm/strategies';
import { ruleText } from '@scalpstorm/strategy-files';
import type { Command } from 'commander';
import { collect } from '../collect.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { defaultCommand } from '../rows.js';
import type { Runner } from '../runner.js';
import { checkStrategy } from '../strategies/check-strategy.js';
import { findStrategy, loadStrategy, ownStrategies } from '../strategies/load-strategy.js';
import { makeStrategy } from '../strategies/make-strategy.js';
import { refuseTaken } from '../strategies/refuse-taken.js';
import { runTests } from '../strategies/run-tests.js';
import { tellStrategy } from '../strategies/tell-strategy.js';
import { withinTime } from '../strategies/within-time.js';

const named = 'an id, a module that exports a strategy, or a rule as JSON';

/** Everything here works without a platform; `strategies` asks one what its bots may run. */
export function registerStrategy(program: Command, run: Runner): void {
  const group = program
    .command('strategy')
    .description('write, look at, check and share strategies over bars, here, without a platform');
  defaultCommand(group, 'list')
    .description('those that come with the platform, and my own rules')
    .action(run(listStrategies));
  group
    .command('show <strategy>')
    .description(`its rule, source and parameters: ${named}; with --json the JSON Schema`)
    .action(
      run(async (context, { operands: [text = ''] }) =>
        tellStrategy(context, await findStrategy(text, context.environment)),
      ),
    );
  group
    .command('new <name>')
    .description('make a folder with a strategy and its test')
    .option('--in <folder>', 'where to make it', '.')
    .action(
      run<{ readonly in: string }>((context, { operands: [name = ''], options }) =>
        newStrategy(context, name, options.in),
      ),
    );
  group
    .command('test [folder]')
    .description('run the tests in a folder of a strategy')
    .action(run((context, { operands: [folder = '.'] }) => testStrategy(context, folder)));
  group
    .command('check <strategy>')
    .description('whether it can be used, knows no tomorrow, and goes on after a restart as before')
    .option('--set <name=value>', 'a parameter; may be repeated', collect)
    .action(
      run<{ readonly set?: readonly string[] }>((context, { operands: [text = ''], options }) =>
        check(context, text, options.set),
      ),
    );
  group
    .command('export <strategy>')
    .description('write a rule as a file to share')
    .requiredOption('--out <file>', 'where to; a file that is there is kept')
    .action(
      run<{ readonly out: string }>((context, { operands: [text = ''], options }) =>
        exportRule(context, text, options.out),
      ),
    );
  group
    .command('import <file>')
    .description('keep a rule as one of my own, as its next version; it is then found by its id')
    .action(run((context, { operands: [file = ''] }) => importRule(context, file)));
}

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly description: string;
}

async function listStrategies({ output, environment }: Context): Promise<void> {
  const builtIn = [...barStrategies.values()].map(({ id, title, description }) => ({
    id,
    title,
    kind: 'built-in',
    description,
  }));
  const own = await Promise.all(
    ownStrategies(environment)
      .list()
      .map(async ({ id, version }) => {
        const { title, description } = await loadStrategy(id, environment);
        return { id, title, kind: `own, version ${version}`, description };
      }),
  );
  const all: readonly Listed[] = [...builtIn, ...own];
  if (output.json) return output.value({ data: all });
  output.table(all, [
    { title: 'ID', of: ({ id }) => id },
    { title: 'TITLE', of: ({ title }) => title },
    { title: 'KIND', of: ({ kind }) => kind },
    { title: 'RULE', of: ({ description }) => description },
  ]);
}

async function newStrategy({ output }: Context, name: string, parent: string): Promise<void> {
  const made = makeStrategy(name, resolve(parent));
  if (output.json) return output.value(made);
  const place = relative('.', made.folder) || '.';
  for (const file of made.files) output.line(join(place, file));
  output.note(`next: scalpstorm strategy test ${place}`);
}

async function testStrategy(context: Context, folder: string): Promise<void> {
  const place = resolve(folder);
  if (!existsSync(place) || !statSync(place).isDirectory()) {
    throw usageFailure('NO_FOLDER', `there is no folder ${folder}.`, 'name the folder of a strategy');
  }
  const files = globSync('**/*.test.{ts,mts,js,mjs}', { cwd: place, exclude: ['**/node_modules/**'] });
  if (files.length === 0)
    throw usageFailure('NO_TESTS', `there is no test in ${folder}.`, 'its name ends with .test.ts');
  const { output, terminal } = context;
  await runTests({ files, folder: place, named: folder }, terminal, output.json ? terminal.stderr : terminal.stdout);
  if (output.json) output.value({ passed: true, files });
}

async function check({ output, environment }: Context, text: string, set?: readonly string[]): Promise<void> {
  const { kind, strategy } = await findStrategy(text, environment);
  if (kind !== 'built-in') refuseTaken(strategy.id);
  const told = withinTime(strategy.id, 0, () => checkStrategy(strategy, set));
  if (output.json) return output.value({ id: strategy.id, ...told });
  output.line(`${strategy.id} keeps what every strategy must keep.`);
  output.line(
    `Over ${told.bars} bars, ${told.warmUp} to warm up, it wanted in at ${told.enters} and out at ${told.exits}.`,
  );
}

async function exportRule({ output, environment }: Context, text: string, out: string): Promise<void> {
  const { rule, strategy } = await findStrategy(text, environment);
  if (rule === null) {
    const next = 'share its module; examples/strategies has the strategies of the platform as rules';
    throw usageFailure('STRATEGY_IS_CODE', `${strategy.id} is code, not conditions.`, next);
  }
  await writeFile(out, ruleText(rule), { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw usageFailure('ALREADY_THERE', `${out} is there already.`, 'name another file with --out');
    throw usageFailure(
      'FILE_NOT_WRITTEN',
      `${out} could not be written: ${cause.message}`,
      'name another file with --out',
    );
  });
  if (output.json) return output.value({ id: strategy.id, file: resolve(out) });
  output.line(out);
}

async function importRule({ output, environment }: Context, file: string): Promise<void> {
  const { rule, strategy } = await findStrategy(file, environment);
  const { id } = strategy;
  if (rule === null)
    throw usageFailure(
      'STRATEGY_IS_CODE',
      `${file} is code; only rules are imported.`,
      'name the file: --strategy FILE',
    );
  refuseTaken(id);
  const { kept, isNew } = ownStrategies(environment).keep(id, rule);
  if (output.json) return output.value({ ...kept, isNew });
  output.line(isNew ? `${id}, version ${kept.version}` : `${id} is there already, as version ${kept.version}`);
  output.note(`next: scalpstorm backtest --strategy ${id} --data FILE`);
}
