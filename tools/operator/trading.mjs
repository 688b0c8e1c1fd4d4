// `scalpstorm trading`: the halt of the whole platform, which binds every user.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { root } from '../paths.mjs';
import { anyText, readArguments } from './arguments.mjs';
import { administratorOf, onBus } from './bus-address.mjs';

const askMs = 5_000;
const helpText = `scalpstorm trading halt --reason TEXT   nothing is opened any more on the whole platform; what is held can be closed
scalpstorm trading release              ends that; what users halted for themselves stays halted
scalpstorm trading state                what is set for the platform

  --name NAME     the instance (default "default"); NATS_URL, NATS_USER and NATS_PASSWORD name a bus that somebody else runs
  --reason TEXT   why, for everybody to read
  --json          one line of JSON
  --help          this text
`;

const known = { '--name': anyText, '--reason': anyText, '--json': undefined, '--help': undefined };
const verbs = ['halt', 'release', 'state'];

async function builtQuestion() {
  const built = join(root, 'libs/contracts/dist/index.js');
  if (!existsSync(built)) {
    throw new Failure('NOT_BUILT', 'the contracts are not built.', { where: built, next: 'run npm run setup' });
  }
  return (await import(pathToFileURL(built).href)).riskQuestion;
}

/** Asked in the place of the gateway, which is where an answer may go; the permission to ask is the administrator's. */
async function ask(administrator, kind, text) {
  const question = await builtQuestion();
  return onBus(administrator, async ({ NatsBus }) => {
    const nats = await NatsBus.open({ ...administrator, speaker: 'gateway' });
    try {
      return await nats.bus.ask(question, { kind, commandId: randomUUID(), userId: null, text }, askMs);
    } catch (cause) {
      if (cause.code === 'UNREADABLE') {
        throw new Failure('GATE_ANSWER_UNREADABLE', 'the risk gate answered, but the answer could not be read.', {
          next: 'the platform runs another version than this clone: run npm run build, start the platform again, then try again',
          cause,
        });
      }
      throw new Failure('GATE_UNREACHABLE', `the risk gate does not answer (${cause.code ?? cause.message}).`, {
        next: 'while it is away no order is approved; start it, then try again',
        cause,
      });
    } finally {
      await nats.close();
    }
  });
}

async function main(args) {
  const json = args.includes('--json');
  try {
    const { words, options } = readArguments(args, known);
    if (options.help || args.length === 0) {
      process.stdout.write(helpText);
      return options.help ? 0 : 2;
    }
    const [verb, ...rest] = words;
    if (rest.length > 0 || !verbs.includes(verb)) {
      throw new Failure('ASKED_WRONGLY', `"${words.join(' ')}" is no verb.`, { next: verbs.join(', '), exitCode: 2 });
    }
    const answer = await ask(administratorOf(options.name ?? 'default'), verb, options.reason ?? '');
    const { state, text, since } = answer.value;
    const at = since === 0 ? null : new Date(since / 1000).toISOString();
    const line = `the platform is ${state}${at === null ? '' : ` since ${at}`}${text === '' ? '' : `: ${text}`}`;
    process.stdout.write(`${json ? JSON.stringify({ state, text, since: at }) : line}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    if (json)
      process.stdout.write(`${JSON.stringify({ error: { code: error.code ?? 'BUG', text: error.message } })}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
