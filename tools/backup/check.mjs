// `npm run backup:check`: a platform trades, is backed up, trades on, loses all its data, is restored, and is judged by the venue.
import { parseArgs } from 'node:util';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { inTemporaryInstance } from '../temporary-instance.mjs';
import { lossAndReturn } from './loss.mjs';

const help = `npm run backup:check -- [options]   backs up a trading platform, destroys its data, restores it, compares it with the venue

  --bots N    how many bots trade, 1 to 100 (default 5)
  --fills N   how many fills follow the back-up before the loss, 1 to 10000 (default 60)
  --seed N    of the market (default 1)
  --json      the last line of stdout is JSON
  --help      this text
`;

function whole(name, text, { min, max }) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Failure('INVALID_OPTION', `--${name} must be a whole number from ${min} to ${max}.`, {
    where: `--${name}`,
    next: 'run `npm run backup:check -- --help`',
    exitCode: 2,
  });
}

function parse(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  let values;
  try {
    ({ values } = parseArgs({ args, options: { bots: text, fills: text, seed: text, json: flag, help: flag } }));
  } catch (cause) {
    const next = 'run `npm run backup:check -- --help`';
    throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
  }
  return {
    bots: whole('bots', values.bots ?? '5', { min: 1, max: 100 }),
    fills: whole('fills', values.fills ?? '60', { min: 1, max: 10_000 }),
    seed: whole('seed', values.seed ?? '1', { min: 0, max: 2 ** 32 - 1 }),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function asText({ ok, backup, lost, adopted, orders, fills, bots, nextOrderMs, seconds, violations }) {
  const states = Object.entries(bots)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
  return [
    `  back-up: ${backup.rows} rows of ${backup.tables} tables, ${backup.messages} messages, ${backup.bytes} bytes in ${backup.ms} ms`,
    `  after it, and lost with the data: ${lost.orders} orders, ${lost.fills} fills; ${adopted} orders taken back from the venue`,
    `  bots after the restore: ${states}; next order ${nextOrderMs} ms after the start began`,
    `  ${orders} orders, ${fills} fills at the venue in all, ${seconds} s`,
    ok ? 'Nothing is lost.' : `${violations.length} violations:`,
    ...violations.slice(0, 50).map((text) => `  - ${text}`),
  ].join('\n');
}

async function main(args) {
  const wanted = parse(args);
  if (wanted.help) {
    process.stdout.write(help);
    return 0;
  }
  const startedAt = Date.now();
  const outcome = await inTemporaryInstance('backup-check', (instance, atEnd) => {
    const running = { children: undefined };
    atEnd(() => running.children?.endAll());
    return lossAndReturn({ wanted, instance, running });
  });
  if (outcome === undefined) return 130;
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  const result = { ok: outcome.violations.length === 0, seed: wanted.seed, ...outcome, seconds };
  process.stdout.write(`${wanted.json ? JSON.stringify(result) : asText(result)}\n`);
  return result.ok ? 0 : 1;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exit(exitCodeOf(error));
}
