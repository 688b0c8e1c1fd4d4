import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@scalpstorm/testkit';
import { commandLines, withCommands } from '../src/commands-doc.js';
import { programOf } from '../src/program.js';
import { askHidden, keyAndSecret } from '../src/prompt.js';
import { program as starter } from './platform.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = programOf(process, {});
const known = commandLines(program).map(({ path }) => path);

/** Operations that no command is for: the first set-up, what happens by itself, and tickets, which only browsers need. */
const withoutCommand = ['setupState', 'setUp', 'refresh', 'createStreamTicket'];

/** The command, or the place in it, that each operation of the API is for; the spec asks for new ones. */
const commandOf: Readonly<Record<string, string>> = {
  logIn: 'login',
  logOut: 'logout',
  me: 'whoami',
  changePassword: 'password',
  listSessions: 'sessions list',
  endSession: 'sessions end',
  createUser: 'users create',
  editUser: 'users role',
  listUsers: 'users list',
  listBots: 'bots list',
  createBot: 'bots create',
  getBot: 'bots show',
  editBot: 'bots edit',
  deleteBot: 'bots delete',
  commandBot: 'bots start',
  listBotCycles: 'bots cycles',
  listBotJournal: 'replay',
  listBotOrders: 'orders list',
  listBotFills: 'fills',
  listOrders: 'orders list',
  placeOrder: 'orders place',
  listOrderPlans: 'orders plan list',
  createOrderPlan: 'orders plan bracket',
  getOrderPlan: 'orders plan show',
  cancelOrderPlan: 'orders plan cancel',
  getOrder: 'orders show',
  cancelOrder: 'orders cancel',
  listFills: 'fills',
  listPositions: 'positions list',
  closePosition: 'positions close',
  listBalances: 'balances',
  listAccounts: 'accounts',
  listActivity: 'activity',
  listStrategies: 'strategies list',
  getStrategy: 'strategies show',
  listInstruments: 'instruments',
  listCandles: 'candles',
  listPrices: 'prices',
  reconciliation: 'reconcile',
  reconcile: 'reconcile',
  compareOnly: 'reconcile',
  listAccountStates: 'reconciliation states',
  listDifferences: 'reconciliation differences',
  listExternalOrders: 'reconciliation external-orders',
  decideExternalOrder: 'reconciliation adopt',
  tradingState: 'doctor',
  halt: 'halt',
  haltProof: 'halt-proof',
  listDeadMen: 'dead-man list',
  setDeadMan: 'dead-man set',
  removeDeadMan: 'dead-man remove',
  release: 'release',
  listAuditChains: 'audit chains',
  listAuditRecords: 'audit list',
  listAnomalies: 'audit anomalies',
  verifyAuditChain: 'audit verify',
  riskLimits: 'risk limits',
  setRiskLimits: 'risk set-limit',
  riskState: 'risk state',
  setRiskState: 'risk set',
  listVenueAccounts: 'venue-accounts list',
  listVenueOffers: 'venue-accounts offers',
  addVenueAccount: 'venue-accounts add',
  getVenueAccount: 'venue-accounts show',
  editVenueAccount: 'venue-accounts rename',
  rotateVenueAccount: 'venue-accounts rotate',
  commandVenueAccount: 'venue-accounts test',
  removeVenueAccount: 'venue-accounts remove',
  listApiKeys: 'api-keys list',
  createApiKey: 'api-keys create',
  revokeApiKey: 'api-keys revoke',
  notifications: 'notifications show',
  setNotificationPreferences: 'notifications preferences',
  linkTelegram: 'notifications link-telegram',
  unlinkTelegram: 'notifications unlink-telegram',
  setNotificationEmail: 'notifications set-email',
  verifyNotificationEmail: 'notifications verify-email',
  removeNotificationEmail: 'notifications remove-email',
  setNotificationWebhook: 'notifications set-webhook',
  removeNotificationWebhook: 'notifications remove-webhook',
  testNotification: 'notifications test',
  retryNotification: 'notifications retry',
  listBacktests: 'backtests list',
  runBacktest: 'backtests run',
  getBacktest: 'backtests show',
  cancelBacktest: 'backtests cancel',
  listBacktestEquity: 'backtests equity',
  listBacktestTrades: 'backtests trades',
  listCertificates: 'certificates list',
  requestCertificate: 'certificates request',
  getCertificate: 'certificates show',
  cancelCertificate: 'certificates cancel',
  listOptimisations: 'optimisations list',
  runOptimisation: 'optimisations run',
  getOptimisation: 'optimisations show',
  cancelOptimisation: 'optimisations cancel',
  version: 'version',
};

/** Every operation, read from the routes of the gateway as text: this package does not depend on that service. */
function operations(): readonly string[] {
  const folder = `${root}/services/gateway/src/handlers/http`;
  const index = readFileSync(`${folder}/routes.ts`, 'utf8');
  const files = [...index.matchAll(/from '\.\/(routes-[a-z-]+)\.js'/g)].map(([, name]) => `${folder}/${name}.ts`);
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ {2}(\w+): (?:get|post|put|patch|remove)\(/gm)].map(([, id = '']) => id),
  );
}

describe('the commands of scalpstorm', () => {
  it('are those of docs/cli.md', () => {
    const document = readFileSync(`${root}/docs/cli.md`, 'utf8');
    // Written by `node services/cli/scripts/commands-doc.mjs`.
    expect(withCommands(document, program)).toBe(document);
  });

  it('that docs/cli.md shows in its examples exist', () => {
    const document = readFileSync(`${root}/docs/cli.md`, 'utf8');
    const shown = [...document.matchAll(/(?:^\$ |\| |\(|`)scalpstorm ([a-z-]+)(?: ([a-z-]+))?/gm)];
    expect(shown.length).toBeGreaterThan(8);
    for (const [, first = '', second = ''] of shown) {
      if (second === 'lst') continue;
      expect(known).toContain(known.includes(first) ? first : `${first} ${second}`);
    }
  });

  it('reach every operation of the API', () => {
    const found = operations();
    expect(found.length).toBeGreaterThan(50);
    for (const id of found.filter((one) => !withoutCommand.includes(one))) {
      expect([id, known.includes(commandOf[id] ?? 'none')]).toEqual([id, true]);
    }
  });

  it('are listed by the starter, with the programs that stand for themselves', () => {
    const { stdout } = spawnSync(process.execPath, [starter, 'help'], { encoding: 'utf8' });
    const listed = [...stdout.matchAll(/^ {2}([a-z][a-z-]+) {2,}/gm)].map(([, name]) => name);
    const own = program.commands.map((command) => command.name());
    expect([...listed].sort()).toEqual([...own, 'dead-letters', 'help', 'sim-exchange', 'trading'].sort());
  });

  it('take no secret as an argument', () => {
    for (const { usage, options } of commandLines(program)) {
      const words = [usage, ...options].join(' ');
      expect(words).not.toMatch(/--(password|secret|token|api-key)[ =<]|<(password|secret|token)>/);
    }
  });
});

describe('a secret that is typed', () => {
  function terminalOf() {
    const said: string[] = [];
    const raw: boolean[] = [];
    const stderr = new PassThrough().on('data', (chunk) => said.push(String(chunk)));
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
    return { stdin, stderr, raw, shown: () => said.join('') };
  }
  const terminalFor = ({ stdin, stderr }: { stdin: PassThrough; stderr: PassThrough }) =>
    ({ stdin, stderr, stdout: stderr }) as unknown as Parameters<typeof askHidden>[0];

  it('is not shown, and the terminal is as before', async () => {
    const typed = terminalOf();
    const asked = askHidden(terminalFor(typed), 'secret: ');
    typed.stdin.write('hunx\u007fter2\r');
    expect(await asked).toBe('hunter2');
    await eventually(() => expect(typed.shown()).toBe('secret: \n'));
    expect(typed.raw).toEqual([true, false]);
  });

  it('ends with Ctrl-C, and nothing was done', async () => {
    const typed = terminalOf();
    const asked = askHidden(terminalFor(typed), 'secret: ');
    typed.stdin.write('half\u0003');
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 2 });
    expect(typed.raw).toEqual([true, false]);
  });

  it('of a venue is two: a key and what belongs to it', async () => {
    const typed = terminalOf();
    const asked = keyAndSecret(terminalFor(typed), false);
    typed.stdin.write('the-key\r');
    await eventually(() => expect(typed.shown()).toContain('secret: '));
    typed.stdin.write('the-secret\r');
    expect(await asked).toEqual({ apiKey: 'the-key', secret: 'the-secret' });
  });
});
