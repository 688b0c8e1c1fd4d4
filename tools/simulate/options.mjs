import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Failure } from '../failure.mjs';

export const help = `npm run simulate -- [options]   the order lane under one seed, with faults, in virtual time

  --crashes N    how many processes die, 1 to 10000000 (default 1000)
  --seed N       the first seed, 0 to 4294967295 (default 1)
  --mutants      plants every known bug instead, and tells which of them is caught
  --mutant NAME  only this one
  --seeds N      for mutants: how many seeds each gets, 1 to 1000 (default 400)
  --replay FILE  one run that was kept, as libs/simulation/seeds/*.json
  --trace N      the last N lines of the first run that fails, in words
  --workers N    threads, 1 to 64 (default: one a core)
  --json         the last line of stdout is JSON
  --help         this text
`;

function wrong(name, allowed) {
  return new Failure('INVALID_OPTION', `--${name} must be ${allowed}.`, {
    where: `--${name}`,
    next: 'run `npm run simulate -- --help`',
    exitCode: 2,
  });
}

function whole(name, text, { min, max }) {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw wrong(name, `a whole number from ${min} to ${max}`);
  return value;
}

function parsed(args) {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }];
  const counts = { crashes: text, seed: text, seeds: text, workers: text, trace: text };
  const options = { ...counts, mutant: text, replay: text, mutants: flag, json: flag, help: flag };
  try {
    return parseArgs({ args, options }).values;
  } catch (cause) {
    const next = 'run `npm run simulate -- --help`';
    throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
  }
}

/** @param {readonly string[]} mutants the names that there are */
export function parseOptions(args, mutants) {
  const values = parsed(args);
  if (values.mutant !== undefined && !mutants.includes(values.mutant))
    throw wrong('mutant', `one of ${mutants.join(', ')}`);
  return {
    crashes: whole('crashes', values.crashes ?? '1000', { min: 1, max: 10_000_000 }),
    seed: whole('seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 }),
    seeds: whole('seeds', values.seeds ?? '400', { min: 1, max: 1_000 }),
    workers: whole('workers', values.workers ?? String(availableParallelism()), { min: 1, max: 64 }),
    trace: whole('trace', values.trace ?? '0', { min: 0, max: 100_000 }),
    mutants: values.mutant === undefined ? (values.mutants === true ? mutants : []) : [values.mutant],
    replay: values.replay ?? null,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}
