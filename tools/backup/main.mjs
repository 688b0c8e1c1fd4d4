// `npm run backup` and `npm run restore`: an instance of `npm start`, whether it runs or not.
import { parseArgs } from 'node:util';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { step } from '../progress.mjs';
import { backUpInstance, figuresOf, folderOf, restoreInstance } from './carry.mjs';
import { withOwnServers, withServers } from './instance-servers.mjs';

const text = { type: 'string' };
const flag = { type: 'boolean' };

const helps = {
  backup: `npm run backup -- --out FOLDER [options]   copies all tables as they are at one moment, while the platform runs or rests

  --out FOLDER   new or empty
  --dated        into a new folder in FOLDER, named by the time
  --name NAME    the instance (default "default")
  --json         the last line of stdout is JSON
  --help         this text

POSTGRES_URL and NATS_URL (with NATS_USER and NATS_PASSWORD of the administrator) name servers that somebody else runs.
`,
  restore: `npm run restore -- --from FOLDER [options]   puts a back-up into an instance that does not run

  --from FOLDER  what \`npm run backup\` wrote
  --latest       the newest in FOLDER
  --replace      deletes what the instance has
  --halted       nothing is opened after the next start until \`npx scalpstorm trading release\`
  --name NAME    the instance (default "default")
  --json         the last line of stdout is JSON
  --help         this text
`,
};

const options = {
  backup: { out: text, dated: flag, name: text, json: flag, help: flag },
  restore: { from: text, latest: flag, replace: flag, halted: flag, name: text, json: flag, help: flag },
};

/** Handed on to the setup service as they are. */
const passedOn = ['dated', 'latest', 'replace', 'halted'];

function parse(verb, args) {
  const next = `run \`npm run ${verb} -- --help\``;
  let values;
  try {
    ({ values } = parseArgs({ args, options: options[verb] }));
  } catch (cause) {
    throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
  }
  const folder = values.out ?? values.from;
  if (folder === undefined && !values.help) {
    const where = verb === 'backup' ? '--out' : '--from';
    throw new Failure('INVALID_OPTION', `${where} names no folder.`, { where, next, exitCode: 2 });
  }
  const flags = passedOn.filter((name) => values[name]).map((name) => `--${name}`);
  return { ...values, folder, flags, name: values.name ?? 'default' };
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function asText(verb, { folder, takenAt, version, tables, rows, messages, bytes, needs }, name) {
  const lines = [
    `${verb === 'backup' ? 'Backed up to' : 'Restored from'} ${folder}`,
    `  ${tables} tables, ${rows} rows, ${messages} messages, ${megabytes(bytes)}; version ${version}, ${takenAt}`,
  ];
  const keys = `.runtime/${name}/secrets.json`;
  if (verb === 'backup')
    lines.push(`  Keep ${keys} elsewhere, apart from the back-ups: it opens what is sealed in them, and is in none.`);
  else if (needs.vaultKeys.length > 0)
    lines.push(`  Accounts of users open only with the ${keys} of the instance that was backed up.`);
  if (verb === 'restore') lines.push('  Next: npm start, which compares with the venues before it trades.');
  return lines.join('\n');
}

async function run(verb, { name, folder, flags }) {
  const wanted = { name, folder: folderOf(folder), flags };
  if (verb === 'backup')
    return withServers(name, (servers) => step('copying the tables', () => backUpInstance({ ...wanted, servers })));
  return withOwnServers(name, (servers) => step('filling the tables', () => restoreInstance({ ...wanted, servers })));
}

async function main([verb, ...args]) {
  const wanted = parse(verb, args);
  if (wanted.help) {
    process.stdout.write(helps[verb]);
    return 0;
  }
  const figures = figuresOf(await run(verb, wanted));
  process.stdout.write(
    `${wanted.json ? JSON.stringify({ ok: true, ...figures }) : asText(verb, figures, wanted.name)}\n`,
  );
  return 0;
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  if (process.argv.includes('--json')) {
    const { code = 'BUG', message, next } = error;
    process.stdout.write(`${JSON.stringify({ ok: false, code, message, next })}\n`);
  }
  process.exit(exitCodeOf(error));
}
