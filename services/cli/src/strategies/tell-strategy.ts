import type { DeclaredParameter } from '@scalpstorm/strategies';
import type { LoadedStrategy } from '@scalpstorm/strategy-files';
import type { Context } from '../context.js';
import { withinTime } from './within-time.js';

const columns = [
  { title: 'PARAMETER', of: ([name]: readonly [string, DeclaredParameter]) => name },
  { title: 'ALLOWED', of: ([, one]: readonly [string, DeclaredParameter]) => allowedOf(one) },
  { title: 'DEFAULT', of: ([, one]: readonly [string, DeclaredParameter]) => String(one.default) },
  {
    title: 'WHAT',
    of: ([, { title, description }]: readonly [string, DeclaredParameter]) => `${title}. ${description}`,
  },
];

/** One JSON value for programs; the rule and its parameters for people. */
export function tellStrategy({ output }: Context, { strategy, kind, file, sourceHash }: LoadedStrategy): void {
  const { id, title, description, source, parameters, schema } = strategy;
  const read = withinTime(id, 0, () => strategy.configure({}));
  const [warmUp, hasFastPath] = read.ok ? [read.value.warmUp, read.value.kernel !== null] : [null, false];
  if (output.json) {
    output.value({ id, title, description, source, kind, file, sourceHash, warmUp, hasFastPath, schema });
    return;
  }
  output.fields([
    ['Strategy', `${id}, ${title}`],
    ['Rule', description],
    ['Source', source],
    ['Kind', file === null ? kind : `${kind}, ${file}`],
    ['Warm-up', `${warmUp} bars with its defaults${hasFastPath ? '; has a fast path' : ''}`],
  ]);
  output.line('');
  output.table(Object.entries(parameters), columns);
}

function allowedOf(one: DeclaredParameter): string {
  switch (one.kind) {
    case 'integer':
    case 'number':
      return `${one.min} to ${one.max}${one.kind === 'integer' ? ', whole' : ''}`;
    case 'choice':
      return one.options.join(' | ');
    case 'flag':
      return 'true | false';
  }
}
