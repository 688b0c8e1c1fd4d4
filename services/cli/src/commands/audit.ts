import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Context } from '../context.js';
import { exitCodes, Failure, usageFailure } from '../failure.js';
import { column, defaultCommand, listed, number, type PageOptions, show, textOf, time } from '../rows.js';
import type { Runner } from '../runner.js';
import { paged } from './trading.js';

interface ListOptions extends PageOptions {
  readonly kind?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly since?: string;
  readonly until?: string;
}
interface FoundOptions extends PageOptions {
  readonly rule?: string;
  readonly subject?: string;
  readonly user?: string;
}
interface VerifyOptions {
  readonly service?: string;
  readonly chain?: string;
  readonly anchors?: string;
}

const mark = z.object({ sequence: z.number(), hash: z.string() });
type Mark = z.infer<typeof mark>;
const chainRow = z.object({
  service: z.string(),
  chain: z.string(),
  checkpoint: mark.nullable(),
  unchained: z.number(),
  answered: z.boolean(),
});
type ChainRow = z.infer<typeof chainRow>;
const page = z.object({
  rows: z.number(),
  from: mark,
  last: mark,
  complete: z.boolean(),
  anchors: z.number(),
  fault: z
    .object({ kind: z.string(), sequence: z.number(), about: z.string(), text: z.string(), next: z.string() })
    .nullable(),
});
/** A line of the log of a service, or of the stream: whoever keeps them elsewhere can hold the chains against them. */
const anchorLine = z
  .object({ service: z.string(), chain: z.string(), sequence: z.number(), hash: z.string().optional() })
  .extend({ chainHash: z.string().optional() });

interface Verified extends ChainRow {
  readonly rows: number;
  readonly anchors: number;
  readonly from: number;
  readonly through: number;
  readonly fault: z.infer<typeof page>['fault'];
}

/** With each request; the newest of them count. */
const anchorsMax = 500;
const sequenceOf = (name: string) => (row: Readonly<Record<string, unknown>>) =>
  textOf((row[name] as Mark | null | undefined)?.sequence);

const recordColumns = [
  number('ROW', 'sequence'),
  time('AT', 'at'),
  column('KIND', 'kind'),
  column('WHO', 'actor'),
  column('SUBJECT', 'subject'),
  column('WHAT', 'body'),
];
const anomalyColumns = [
  time('AT', 'at'),
  column('RULE', 'rule'),
  column('SUBJECT', 'subject'),
  column('FOUND', 'text'),
];
const listColumns = [
  column('SERVICE', 'service'),
  column('CHAIN', 'chain'),
  { title: 'FORGOTTEN', of: sequenceOf('checkpoint'), align: 'right' as const },
  { title: 'END', of: sequenceOf('head'), align: 'right' as const },
  { title: 'ANCHORED', of: sequenceOf('anchor'), align: 'right' as const },
  number('BEFORE CHAINS', 'unchained'),
];
const verifyColumns = [
  column('SERVICE', 'service'),
  column('CHAIN', 'chain'),
  number('ROWS', 'rows'),
  number('FROM', 'from'),
  number('TO', 'through'),
  number('ANCHORS', 'anchors'),
  column('RESULT', 'result'),
];

/** Whether what happened is still written down as it was; for administrators. */
export function registerAudit(program: Command, run: Runner): void {
  const audit = program
    .command('audit')
    .description(
      'the audit log: what happened, and whether it still stands as it was written; administrators only (list and anomalies: role risk, too)',
    );
  paged(audit.command('list'))
    .description('who did what, when: log-ins, people, keys, commands of the brake and about limits; newest first')
    .option('--kind <kind>', 'only facts of this kind, e.g. logged-in or risk-command')
    .option('--actor <id>', 'only what this user did, with any of their keys')
    .option('--subject <id>', 'only what was done to it: a user, a session, a key, a command')
    .option('--since <time>', 'from then on, e.g. 2026-12-01T00:00:00Z')
    .option('--until <time>', 'before then')
    .action(
      run<ListOptions>(async (context, { options }) => {
        const { kind, actor, subject, since, until, ...page } = options;
        const query = { kind, actor, subject, since, until };
        show(context, await listed(context, '/v1/audit/records', { ...page, query }), recordColumns, 'no records');
      }),
    );
  paged(audit.command('anomalies'))
    .description('what was unusual about log-ins, keys of programs and orders, newest first; role risk, too')
    .option('--rule <rule>', 'only what this rule found, e.g. log-in-after-failures')
    .option('--subject <id>', 'only of this user, key or address')
    .option('--user <id>', 'only what concerns this user')
    .action(
      run<FoundOptions>(async (context, { options: { rule, subject, user, ...page } }) => {
        const query = { rule, subject, user };
        show(
          context,
          await listed(context, '/v1/audit/anomalies', { ...page, query }),
          anomalyColumns,
          'nothing unusual',
        );
      }),
    );
  defaultCommand(audit, 'chains')
    .description('where each chain begins and ends')
    .action(run(async (context) => show(context, await listed(context, '/v1/audit', {}), listColumns, 'no chains')));
  audit
    .command('verify')
    .description(
      'check every row of every chain against the one before, and against the anchors; names the first bad row',
    )
    .option('--service <service>', 'only those of execution, risk-gate or gateway')
    .option('--chain <chain>', 'only this one')
    .option(
      '--anchors <file>',
      'lines of JSON with service, chain, sequence and hash, kept elsewhere, e.g. from the logs',
    )
    .action(run<VerifyOptions>((context, { options }) => verify(context, options)));
}

async function verify(context: Context, { service, chain, anchors: file }: VerifyOptions): Promise<void> {
  const all = chainRow.array().parse((await context.api.list('/v1/audit', {})).data);
  const chosen = all.filter(
    (row) => (service === undefined || row.service === service) && (chain === undefined || row.chain === chain),
  );
  if (chosen.length === 0) {
    const known = all.map((row) => `${row.service}/${row.chain}`).join(', ');
    throw usageFailure('CHAIN_NOT_FOUND', 'there is no such chain.', `chains: ${known}`);
  }
  const anchors = file === undefined ? [] : anchorsOf(file);
  const verified: Verified[] = [];
  for (const row of chosen) if (row.answered) verified.push(await verifyChain(context, row, anchors));
  tell(context, verified);
  const broken = verified.find(({ fault }) => fault !== null);
  if (broken?.fault) {
    const { kind, sequence, about, text, next } = broken.fault;
    const which = about === '' ? '' : ` (${about})`;
    throw new Failure(
      'AUDIT_BROKEN',
      `${broken.service}, chain ${broken.chain}, row ${sequence}${which}, ${kind}: ${text}.`,
      {
        next,
      },
    );
  }
  const silent = chosen.filter(({ answered }) => !answered).map((row) => row.service);
  if (silent.length > 0) {
    const names = [...new Set(silent)].join(', ');
    throw new Failure('AUDIT_INCOMPLETE', `${names} did not answer, so its chains were not looked at.`, {
      exitCode: exitCodes.unreachable,
      next: 'verify again when it runs',
    });
  }
}

async function verifyChain({ api, output }: Context, row: ChainRow, given: readonly Anchor[]): Promise<Verified> {
  const { service, chain } = row;
  const anchors = given.filter((one) => one.service === service && one.chain === chain).map((one) => one.mark);
  let verified: Verified = { ...row, rows: 0, anchors: 0, from: 0, through: 0, fault: null };
  for (let after: Mark | null = null; ; ) {
    const body = { service, chain, after, anchors: anchors.slice(-anchorsMax) };
    const {
      rows,
      from,
      last,
      complete,
      fault,
      anchors: held,
    } = page.parse(await api.send('POST', '/v1/audit/verify', body));
    verified = {
      ...verified,
      rows: verified.rows + rows,
      anchors: verified.anchors + held,
      from: after === null ? from.sequence + 1 : verified.from,
      through: last.sequence,
      fault,
    };
    if (complete || fault !== null) return verified;
    if (output.isTerminal) output.note(`${service}/${chain}: ${verified.rows} rows so far`);
    after = last;
  }
}

function tell({ output }: Context, verified: readonly Verified[]): void {
  if (output.json) {
    output.value({ intact: verified.every(({ fault }) => fault === null), chains: verified });
    return;
  }
  const resultOf = ({ fault, unchained }: Verified) => {
    if (fault !== null) return `${fault.kind} at ${fault.sequence}`;
    return unchained === 0 ? 'intact' : `intact; ${unchained} older rows are outside`;
  };
  output.table(
    verified.map((row) => ({ ...row, result: resultOf(row) })),
    verifyColumns,
  );
}

interface Anchor {
  readonly service: string;
  readonly chain: string;
  readonly mark: Mark;
}

/** In the order of the chain. Other lines of a log are no anchors. */
function anchorsOf(path: string): readonly Anchor[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Failure('FILE_UNREADABLE', `${path} cannot be read.`, { exitCode: exitCodes.usage, cause });
  }
  const anchors = text.split('\n').flatMap((line) => {
    const parsed = anchorLine.safeParse(jsonOf(line));
    if (!parsed.success) return [];
    const { service, chain, sequence, hash = parsed.data.chainHash } = parsed.data;
    return hash === undefined ? [] : [{ service, chain, mark: { sequence, hash } }];
  });
  if (anchors.length === 0) throw usageFailure('NO_ANCHORS', `there is no anchor in ${path}.`, 'see docs/audit.md');
  return anchors.sort((one, other) => one.mark.sequence - other.mark.sequence);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
