import { basename } from 'node:path';
import type { StrategyFault } from './strategy-fault.js';

/** Why a module could not be loaded, for whoever wrote it: the place in the file first, the machinery's own frames left out. */
export function moduleThrew(error: unknown, file: string): StrategyFault {
  const {
    name,
    message,
    code,
    stack = '',
  } = error instanceof Error ? (error as NodeJS.ErrnoException) : noError(error);
  const place = placeIn(stack, file);
  const [said = ''] = message.split('\n');
  return {
    code: 'STRATEGY_MODULE_BROKEN',
    text: `it could not be loaded${place === null ? '' : ` (line ${place})`}: ${name}: ${said}`,
    next: nextOf(code),
    faults: [],
  };
}

/** An object without a prototype has no text. */
function noError(thrown: unknown) {
  const message = typeof thrown === 'object' ? 'it threw no error' : String(thrown);
  return { name: 'Error', message, code: undefined, stack: '' };
}

function placeIn(stack: string, file: string): string | null {
  const at = stack.indexOf(`${basename(file)}:`);
  return at < 0 ? null : (/^:(\d+)/.exec(stack.slice(at + basename(file).length))?.[1] ?? null);
}

function nextOf(code: string | undefined): string {
  switch (code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'types are taken out, nothing is compiled: do without enum, namespace and parameter properties';
    case 'ERR_MODULE_NOT_FOUND':
      return 'import @scalpstorm/strategies, @scalpstorm/indicators, or a file with its ending, e.g. ./rule.ts';
    default:
      return 'mend the module';
  }
}
