// `scalpstorm dead-letters`: looks at what services could not handle, and sends it again.
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { anyText, readArguments, wholeNumber } from './arguments.mjs';
import { administratorOf, onBus } from './bus-address.mjs';

const pageMax = 100;
const helpText = `scalpstorm dead-letters list              what services could not handle, the oldest first
scalpstorm dead-letters replay N [N ...]  sends letters to their own subjects again, whole, and removes them here
scalpstorm dead-letters replay --all      the same for all that are there now

  --name NAME   the instance (default "default"); NATS_URL, NATS_USER and NATS_PASSWORD name a bus that somebody else runs
  --limit N     list: how many, 1 to ${pageMax} (default 20)
  --after N     list: those after this place, for the next page
  --json        one line of JSON
  --help        this text

A replayed message keeps its event id, so a service that has acted on it already does nothing. Mend the cause first:
what fails again comes back as a new letter. An approval that is too old is answered as expired, not sent.
`;

const known = {
  '--name': anyText,
  '--limit': wholeNumber(1, pageMax),
  '--after': wholeNumber(0, Number.MAX_SAFE_INTEGER),
  '--all': undefined,
  '--json': undefined,
  '--help': undefined,
};

async function list({ words, options }, administrator) {
  if (words.length > 0) throw asked('list takes no numbers', 'use --after N for the next page');
  const { after = 0, limit = 20 } = options;
  const page = await onBus(administrator, (bus) => bus.listDeadLetters(administrator, { after, limit }));
  if (options.json) return { out: JSON.stringify(page), ok: true };
  const lines = page.letters.map(
    (letter) =>
      `${String(letter.sequence).padStart(6)}  ${letter.buriedAt}  ${letter.consumer}  ${letter.subject}  ` +
      `${letter.cause} after ${letter.deliveries}: ${letter.reason}`,
  );
  const more = page.next === null ? [] : [`more: --after ${page.next}`];
  return { out: [`${page.total} dead letters`, ...lines, ...more].join('\n'), ok: true };
}

async function replay({ words, options }, administrator) {
  const numbers = words.map(wholeNumber(1, Number.MAX_SAFE_INTEGER));
  const wrong = words.find((_, index) => numbers[index] instanceof Error);
  if (wrong !== undefined) throw asked(`"${wrong}" is no place of a letter`, 'list shows them');
  if ((numbers.length === 0) === !options.all) throw asked('which ones?', 'give their numbers, or --all');
  const results = await onBus(administrator, async (bus) =>
    options.all ? replayAll(bus, administrator) : bus.replayDeadLetters(administrator, numbers.slice(0, pageMax)),
  );
  const failed = results.filter(({ ok }) => !ok);
  if (options.json) return { out: JSON.stringify({ results }), ok: failed.length === 0 };
  const lines = results.map(({ sequence, ok, subject, code }) => `${sequence}  ${ok ? `sent to ${subject}` : code}`);
  const left = numbers.length > pageMax ? [`at most ${pageMax} at once: ${numbers.length - pageMax} were left`] : [];
  return {
    out: [...lines, ...left, `${results.length - failed.length} sent again`].join('\n'),
    ok: failed.length === 0,
  };
}

/** Only what is there at the start, or what fails again would go round for ever. */
async function replayAll(bus, administrator) {
  const pages = [];
  for (let after = 0; after !== null; ) {
    const page = await bus.listDeadLetters(administrator, { after, limit: pageMax });
    pages.push(page.letters.map(({ sequence }) => sequence));
    after = page.next;
  }
  const results = [];
  for (const sequences of pages) results.push(...(await bus.replayDeadLetters(administrator, sequences)));
  return results;
}

const asked = (what, next) => new Failure('ASKED_WRONGLY', `${what}.`, { next, exitCode: 2 });

const verbs = { list, replay };

async function main(args) {
  const json = args.includes('--json');
  try {
    const { words, options } = readArguments(args, known);
    const [verb, ...rest] = words;
    if (options.help || (verb === undefined && args.length === 0)) {
      process.stdout.write(helpText);
      return options.help ? 0 : 2;
    }
    if (!Object.hasOwn(verbs, verb ?? ''))
      throw asked(`"${verb ?? ''}" is no verb`, 'list or replay; --help tells more');
    const { out, ok } = await verbs[verb]({ words: rest, options }, administratorOf(options.name ?? 'default'));
    process.stdout.write(`${out}\n`);
    return ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    if (json)
      process.stdout.write(`${JSON.stringify({ error: { code: error.code ?? 'BUG', text: error.message } })}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main(process.argv.slice(2));
