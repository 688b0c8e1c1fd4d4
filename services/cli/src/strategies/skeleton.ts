/** The files of a new strategy, by name: a rule, its test, and what an editor and Node want to know. */
export function skeleton(id: string): Readonly<Record<string, string>> {
  // Never a word of the language, nor a name that the files have besides: nothing else in them ends so.
  const name = `${id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Rule`;
  const title = `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
  return {
    [`${id}.ts`]: rule(id, name, title),
    [`${id}.test.ts`]: test(id, name),
    'package.json': `${JSON.stringify({ name: id, private: true, type: 'module', scripts: { test: 'node --test' } }, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions, include: ['*.ts'] }, null, 2)}\n`,
    'README.md': readme(id, title),
  };
}

const compilerOptions = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
  erasableSyntaxOnly: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  types: ['node'],
};

const rule = (id: string, name: string, title: string) => `import { ema } from '@scalpstorm/indicators';
import { deciderOver, defineBarStrategy } from '@scalpstorm/strategies';

/** Long while the close is above its average by a margin, flat while it is below the average. */
export const ${name} = defineBarStrategy({
  id: '${id}',
  title: '${title}',
  description: 'Long while the close is above its average by a margin, flat while it is below.',
  source: 'Where the rule comes from: a book, an article, an idea of yours.',
  parameters: {
    period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 50, min: 2, max: 1_000 },
    marginPercent: {
      kind: 'number',
      title: 'Margin, %',
      description: 'Of the average, that the close must be above it.',
      default: 0.1,
      min: 0,
      max: 10,
    },
  },
  // An exponential average has forgotten how it began after some times its period.
  warmUp: ({ period }) => 5 * period,
  decider: ({ period, marginPercent }) =>
    deciderOver({ average: [ema, { period }] }, ({ average }, { close }, desk) => {
      const middle = average.update(close);
      if (close > middle * (1 + marginPercent / 100)) desk.enter();
      else if (close < middle) desk.exit();
    }),
});
`;

const test = (id: string, name: string) => `import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf, checkStrategy, play } from '@scalpstorm/strategies/kit';
import { ${name} } from './${id}.ts';

test('keeps what every strategy must keep', () => {
  // No look at tomorrow, the same after a restart, the same twice.
  checkStrategy(${name});
});

test('buys above its average, sells below it', () => {
  const { strategy } = checkStrategy(${name}, { period: 3, marginPercent: 1 });
  const told = play(strategy.decider(), barsOf([100, 100, 100, 106, 107, 99]));
  deepEqual(
    told.map(({ wish }) => wish),
    [null, null, null, 'enter', 'enter', 'exit'],
  );
});
`;

const readme = (id: string, title: string) => `# ${title}

\`${id}.ts\` is the rule, \`${id}.test.ts\` its test. From this folder:

\`\`\`
scalpstorm strategy test .
scalpstorm strategy check ${id}.ts
scalpstorm backtest --strategy ${id}.ts --data FILE --set period=30
\`\`\`

With Node 22.18 or later, \`node --test\` does the same as the first.
`;
