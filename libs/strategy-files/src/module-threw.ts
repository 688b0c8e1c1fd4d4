import { basename } from 'node:path';
import type { StrategyFault } from './strategy-fault.js';

/** Why a module could not be loaded, for whoever wrote it: the place in the file first, the machinery's own frames left out. */
export function moduleThrew(error: unknown, file: string): StrategyFault {
  const { name, message, code, stack } = detailsOf(error);
  const place = placeIn(stack, file);
  const [said = ''] = message.split('\n');
  return {
    code: 'STRATEGY_MODULE_BROKEN',
    text: `it could not be loaded${place === null ? '' : ` (line ${place})`}: ${name}: ${said}`,
    next: nextOf(code),
    faults: [],
  };
}

/** What is thrown need not be an error, nor one of this thread; an object without a prototype has no text. */
function detailsOf(thrown: unknown) {
  if (typeof thrown !== 'object') return { name: 'Error', message: String(thrown), code: '', stack: '' };
  const { name, message, code, stack } = (thrown ?? {}) as Readonly<Record<string, unknown>>;
  return {
    name: textOf(name, 'Error'),
    message: textOf(message, 'it threw no error'),
    code: textOf(code, ''),
    stack: textOf(stack, ''),
  };
}

const textOf = (value: unknown, absent: string): string => (typeof value === 'string' ? value : absent);

function placeIn(stack: string, file: string): string | null {
  const at = stack.indexOf(`${basename(file)}:`);
  return at < 0 ? null : (/^:(\d+)/.exec(stack.slice(at + basename(file).length))?.[1] ?? null);
}

function nextOf(code: string): string {
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'types are taken out, nothing is compiled: do without enum, namespace and parameter properties';
    case 'ERR_MODULE_NOT_FOUND':
      return 'import @scalpstorm/strategies, @scalpstorm/indicators, or a file with its ending, e.g. ./rule.ts';
    default:
      return 'mend the module';
  }
}
