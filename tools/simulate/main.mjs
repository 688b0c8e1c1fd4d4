// `npm run simulate`: the real handlers of the order lane on a world in memory, under one seed, with faults.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crashPoints, invariants, mutants, run, shrink } from '../../libs/simulation/dist/index.js';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { root, runtimeRoot } from '../paths.mjs';
import { help, parseOptions } from './options.mjs';
import { inThreads } from './pool.mjs';

/** More in one run would let later ones meet only what earlier ones have left. */
const crashesARun = 20;
/** Failing seeds that are made smaller; the rest of them is counted. */
const shrunkMax = 3;

function* tasksOf({ crashes, seed }) {
  for (let left = crashes, next = seed; left > 0; left -= crashesARun, next += 1) {
    yield { seed: next, crashes: Math.min(left, crashesARun) };
  }
}

function summed(results, field) {
  const sums = {};
  for (const result of results) {
    for (const [name, count] of Object.entries(result[field])) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

const total = (results, of) => results.reduce((sum, result) => sum + of(result), 0);

function summary(results, seconds) {
  const counts = summed(results, 'crashes');
  const points = Object.fromEntries([...crashPoints, 'any-moment'].map((point) => [point, counts[point] ?? 0]));
  const failed = results.filter(({ violations }) => violations.length > 0);
  const hashes = results.map(({ seed, hash }) => `${seed} ${hash}\n`);
  return {
    ok: failed.length === 0,
    crashes: total(Object.values(points), Number),
    seeds: results.length,
    events: total(results, ({ events }) => events),
    violations: total(failed, ({ violations }) => violations.length),
    seconds,
    traceHash: createHash('sha256').update(hashes.join('')).digest('hex').slice(0, 16),
    crashPoints: points,
    orders: total(results, ({ orders }) => orders),
    fills: total(results, ({ fills }) => fills),
    approvals: total(results, ({ approvals }) => approvals),
    trips: total(results, ({ trips }) => trips),
    covered: total(results, ({ covered }) => covered),
    denials: summed(results, 'denials'),
    virtualSeconds: Math.round(total(results, ({ lasted }) => lasted)),
    failures: failed.map(({ seed, violations }) => ({ seed, ...violations[0] })),
  };
}

/** Written where a person finds it; a spec replays what lies in libs/simulation/seeds. */
async function keep(failing, { crashes }, seams) {
  const found = await run(failing.seed, { crashes, seams });
  const { seed, plan, violations } = await shrink(found, { crashes, seams });
  const folder = join(runtimeRoot, 'simulate');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${seed}.json`);
  const [violation] = violations;
  writeFileSync(file, `${JSON.stringify({ found: violation, plan }, null, 2)}\n`);
  return { seed, violation, faults: plan.faults.length, file: relative(root, file) };
}

function asText(result, kept) {
  const missed = Object.entries(result.crashPoints).filter(([, count]) => count === 0);
  const rows = [
    `  ${result.crashes} crashes, ${result.seeds} seeds, ${result.events} events, ${result.virtualSeconds} virtual seconds`,
    `  ${result.orders} orders and ${result.fills} fills at the venue, ${result.approvals} approvals, ${result.trips} trips of a breaker`,
    `  denied: ${Object.entries(result.denials)
      .map(([code, count]) => `${code} ${count}`)
      .join(', ')}`,
    `  trace ${result.traceHash}, ${result.seconds} s`,
    missed.length === 0 ? '  every crash point was met' : `  never met: ${missed.map(([point]) => point).join(', ')}`,
  ];
  const told = kept.flatMap(({ seed, violation, faults, file }) => [
    `  - seed ${seed}: ${violation.invariant} (${invariants[violation.invariant]}) at ${violation.at} s: ${violation.text}`,
    `    ${faults} faults are enough: ${file}; keep it in libs/simulation/seeds when it is mended`,
  ]);
  return [...rows, result.ok ? 'No violation.' : `${result.failures.length} seeds fail:`, ...told].join('\n');
}

async function simulate(wanted) {
  const startedAt = Date.now();
  const results = await inThreads(wanted.workers, tasksOf(wanted));
  const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const result = summary(results, seconds);
  const kept = [];
  for (const failure of result.failures.slice(0, shrunkMax)) kept.push(await keep(failure, { crashes: crashesARun }));
  await tellTrace(wanted, result.failures[0]);
  process.stdout.write(`${wanted.json ? JSON.stringify({ ...result, kept }) : asText(result, kept)}\n`);
  return result.ok ? 0 : 1;
}

async function tellTrace({ trace }, failing, options = { crashes: crashesARun }) {
  if (trace === 0 || failing === undefined) return;
  const { told } = await run(failing.seed, { ...options, linesMax: trace });
  process.stderr.write(`${told.join('\n')}\n`);
}

/** Seed after seed until one of them catches it. */
async function hunt(name, { seed, seeds, workers }) {
  let caught = null;
  const tasks = Array.from({ length: seeds }, (_, place) => ({
    seed: seed + place,
    crashes: crashesARun,
    mutant: name,
  }));
  await inThreads(workers, tasks, (result) => {
    if (result.violations.length > 0 && (caught === null || result.seed < caught.seed)) caught = result;
    return caught === null;
  });
  const invariant = caught?.violations[0]?.invariant ?? null;
  return { name, caught: caught !== null, seed: caught?.seed ?? null, invariant, text: caught?.violations[0]?.text };
}

async function plantMutants(wanted) {
  const hunted = [];
  for (const name of wanted.mutants) hunted.push(await hunt(name, wanted));
  const caught = hunted.filter((mutant) => mutant.caught).length;
  const result = { total: hunted.length, caught, mutants: hunted };
  const rows = hunted.map(({ name, seed, invariant, text }) =>
    invariant === null ? `  ${name.padEnd(32)} SURVIVES` : `  ${name.padEnd(32)} seed ${seed}, ${invariant}: ${text}`,
  );
  const words = [...rows, `${caught} of ${hunted.length} mutants are caught.`].join('\n');
  process.stdout.write(`${wanted.json ? JSON.stringify(result) : words}\n`);
  return caught === hunted.length ? 0 : 1;
}

function readKept(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Failure('UNREADABLE_SEED', `${file} can not be read: ${cause.message}`, {
      where: '--replay',
      next: 'name a file as libs/simulation/seeds/*.json',
      exitCode: 2,
      cause,
    });
  }
}

async function replay({ replay: file, json, trace }) {
  const { plan } = readKept(file);
  const { told, violations, events, hash } = await run(plan.seed, { plan, crashes: 0, linesMax: trace });
  if (trace > 0) process.stderr.write(`${told.join('\n')}\n`);
  const result = { ok: violations.length === 0, seed: plan.seed, events, violations, traceHash: hash };
  const words = violations.map(({ invariant, text, at }) => `  - ${invariant} at ${at} s: ${text}`);
  process.stdout.write(`${json ? JSON.stringify(result) : [...words, result.ok ? 'No violation.' : ''].join('\n')}\n`);
  return result.ok ? 0 : 1;
}

async function main(args) {
  const wanted = parseOptions(
    args,
    mutants.map(({ name }) => name),
  );
  if (wanted.help) {
    process.stdout.write(help);
    return 0;
  }
  if (wanted.replay !== null) return replay(wanted);
  return wanted.mutants.length > 0 ? plantMutants(wanted) : simulate(wanted);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
