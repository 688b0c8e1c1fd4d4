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

  --scope SCOPE   instead of the platform: venue:ID, user:ID, account:ID or bot:ID
  --level LEVEL   halt; cancel: bots stop too, and what opens is canceled; flatten: what they hold is closed, too
  --name NAME     the instance (default "default"); NATS_URL, NATS_USER and NATS_PASSWORD name a bus that somebody else runs
  --reason TEXT   why, for everybody to read
  --json          one line of JSON
  --help          this text
`;

const levels = ['halt', 'cancel', 'flatten'];
const known = {
  '--scope': anyText,
  '--level': (text) => (levels.includes(text) ? text : new Error(levels.join(', '))),
  '--name': anyText,
  '--reason': anyText,
  '--json': undefined,
  '--help': undefined,
};
const verbs = ['halt', 'release', 'state'];

async function built(lib) {
  const path = join(root, `libs/${lib}/dist/index.js`);
  if (!existsSync(path)) {
    throw new Failure('NOT_BUILT', `libs/${lib} is not built.`, { where: path, next: 'run npm run setup' });
  }
  return import(pathToFileURL(path).href);
}

/** What is asked of the gate; of another scope than the platform it is what an operator sets there. */
async function wishOf(verb, { scope = 'platform', level = 'halt', reason = '' }) {
  const { RiskScope } = await built('model');
  const parsed = RiskScope.parse(scope);
  if (parsed === null) {
    throw new Failure('ASKED_WRONGLY', `"${scope}" is no scope.`, {
      next: 'platform, or venue:, user:, account: or bot: with an id',
      exitCode: 2,
    });
  }
  const common = { commandId: randomUUID(), userId: null, text: reason };
  if (verb === 'state') return { ...common, kind: scope === 'platform' ? 'state' : 'states' };
  if (scope === 'platform') return { ...common, kind: verb, level };
  const state = verb === 'halt' ? 'halted' : 'active';
  return { ...common, kind: 'set', scope: parsed, state, by: 'operator', operator: true, level };
}

/** Of the scope that was named; nothing was ever said of one that is not listed. */
async function stateIn(value, scope = 'platform') {
  if (scope === 'platform') return value;
  const { RiskScope } = await built('model');
  const said = (value.states ?? []).find((one) => RiskScope.format(one.scope) === scope);
  return said ?? { state: 'active', text: '', since: null };
}

/** Asked in the place of the gateway, which is where an answer may go; the permission to ask is the administrator's. */
async function ask(administrator, wish) {
  const { riskQuestion: question } = await built('contracts');
  return onBus(administrator, async ({ NatsBus }) => {
    const nats = await NatsBus.open({ ...administrator, speaker: 'gateway' });
    try {
      return await nats.bus.ask(question, wish, askMs);
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
    const wish = await wishOf(verb, options);
    const answer = await ask(administratorOf(options.name ?? 'default'), wish);
    if (!answer.ok) {
      const [{ code, text: why, next }] = answer.refusals;
      throw new Failure(code, why, { next });
    }
    const { state, text, since } = await stateIn(answer.value, options.scope);
    const at = since === null ? null : new Date(since / 1000).toISOString();
    const whose = options.scope === undefined || options.scope === 'platform' ? 'the platform' : options.scope;
    const line = `${whose} is ${state}${at === null ? '' : ` since ${at}`}${text === '' ? '' : `: ${text}`}`;
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
