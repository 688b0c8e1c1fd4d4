// A trading platform loses everything but its venue, and comes back from a back-up that is older than its last fills.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { createChildren } from '../children.mjs';
import { ensureDemoBots, logInAsOwner } from '../launcher/first-user.mjs';
import { createGatewayClient } from '../launcher/gateway-client.mjs';
import { startPlatform } from '../launcher/platform.mjs';
import { step } from '../progress.mjs';
import { schemaOf } from '../recovery/books.mjs';
import { judge, lastOrderAt, stillTrading, stopAll, until } from '../recovery/run.mjs';
import { createHistory, createVenue } from '../recovery/venue.mjs';
import { removeOutsideData } from '../servers/identity.mjs';
import { prepareServers, startServers } from '../servers.mjs';
import { backUpInstance, figuresOf, restoreInstance } from './carry.mjs';

const lives = { market: 'synthetic', speed: 10, port: 0, healthyMs: 0 };
const tradingMs = 120_000;
const nextOrderMs = 60_000;
const botsMs = 60_000;

/** Everything of an instance that a lost disk takes; the exchange is somebody else's, and its keys are kept elsewhere. */
const perishable = ['postgres', 'nats', 'redis'];

function destroy(instance) {
  for (const folder of perishable) rmSync(join(instance.directory, folder), { recursive: true, force: true });
  removeOutsideData(instance.name);
}

/** One life of the platform. */
async function live({ instance, running, seed }) {
  running.children = createChildren({ onChange: instance.record });
  const prepared = await prepareServers({ instance });
  const platform = await startPlatform({ options: { ...lives, seed }, instance, children: running.children, prepared });
  const client = createGatewayClient(platform.address);
  await logInAsOwner({ client, instance });
  return { platform, client };
}

async function die(running) {
  await running.children.endAll();
  running.children = undefined;
}

/** The venue's account of everything, over all lives: its address changes, the account does not. */
function watchVenue(symbols) {
  const now = { venue: undefined };
  const names = ['balances', 'openOrders', 'ordersFrom', 'tradesFrom'];
  const venue = Object.fromEntries(names.map((name) => [name, (...given) => now.venue[name](...given)]));
  const assets = new Map(symbols.map((symbol) => [symbol.replace('-', ''), symbol.split('-')]));
  return {
    venue,
    history: createHistory(venue, [...assets.keys()]),
    assetsOf: (symbol) => ({ base: assets.get(symbol)[0], quote: assets.get(symbol)[1] }),
    follow: (exchange) => {
      now.venue = createVenue(exchange);
    },
  };
}

async function tradeUntil({ history }, wanted, met) {
  const enough = await until(async () => {
    await history.refresh();
    return met();
  }, tradingMs);
  if (!enough) throw new Error(`${wanted} did not come in ${tradingMs / 1_000} s`);
}

/** Trades, is backed up while it trades, and trades on. */
async function firstLife({ wanted, instance, running }) {
  const { platform, client } = await live({ instance, running, seed: wanted.seed });
  const watch = watchVenue(platform.exchange.symbols);
  watch.follow(platform.exchange);
  const { history, venue } = watch;
  const opening = await venue.balances();
  const { symbols } = platform.exchange;
  await step('starting the bots', () =>
    ensureDemoBots({ client, symbols, count: wanted.bots, wake: false, market: 'synthetic' }),
  );
  await step('trading before the back-up', () =>
    tradeUntil(watch, 'the first fills', () => history.trades().length >= wanted.bots * 2),
  );
  const began = Date.now();
  const folder = join(instance.directory, 'backup');
  const made = await backUpInstance({ name: instance.name, folder, servers: platform.servers });
  const backup = { ...figuresOf(made), ms: Date.now() - began };
  await history.refresh();
  const before = { orders: history.orders().length, fills: history.trades().length };
  const botsBefore = await client.bots();
  await step('trading after the back-up', () =>
    tradeUntil(watch, 'fills after the back-up', () => history.trades().length >= before.fills + wanted.fills),
  );
  await die(running);
  return { watch, opening, folder, backup, before, botsBefore };
}

async function restore({ instance, running, folder }) {
  running.children = createChildren({ onChange: instance.record });
  const prepared = await prepareServers({ instance });
  const servers = await startServers({ instance, children: running.children, prepared });
  await step('restoring', () => restoreInstance({ name: instance.name, folder, servers }));
  await die(running);
}

/** How many orders execution took into its books from the venue. */
async function countAdopted({ servers, namespace }) {
  const sql = postgres(servers.postgres.url, { max: 1, onnotice: () => undefined });
  try {
    const [{ count }] = await sql`
      select count(*)::int as count from ${sql(schemaOf(namespace, 'execution'))}.differences
       where decision like 'taken into the books%'`;
    return count;
  } finally {
    await sql.end();
  }
}

const told = ({ id, observed, reason }) => `${id} is ${observed}: ${JSON.stringify(reason)}`;

/** Whoever ran runs, or says why not. */
async function botViolations(client, botsBefore) {
  let missing = [];
  await until(async () => {
    const now = new Map((await client.bots()).map((bot) => [bot.id, bot]));
    missing = botsBefore.flatMap(({ id, observed }) => {
      const bot = now.get(id);
      if (bot === undefined) return [`${id} is gone`];
      return bot.observed === observed || (bot.reason?.code ?? '') !== '' ? [] : [told(bot)];
    });
    return missing.length === 0;
  }, botsMs);
  return missing;
}

const counted = (bots) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(bots, ({ observed }) => observed)).map(([state, list]) => [state, list.length]),
  );

/**
 * @param {{wanted: {bots: number, fills: number, seed: number}, instance: object, running: {children?: object}}} run
 *   `running.children` are those that have to be ended, whenever this ends
 */
export async function lossAndReturn({ wanted, instance, running }) {
  const { watch, opening, folder, backup, before, botsBefore } = await firstLife({ wanted, instance, running });
  const { history, venue, assetsOf } = watch;
  destroy(instance);
  await restore({ instance, running, folder });
  const startedAt = Date.now();
  const { platform, client } = await live({ instance, running, seed: wanted.seed });
  watch.follow(platform.exchange);
  // What was still under way when the platform ended has reached the venue by now.
  const missed = [];
  const goesOn = await until(async () => {
    await history.refresh();
    return lastOrderAt(history) > startedAt;
  }, nextOrderMs);
  if (!goesOn) missed.push(`no order in ${nextOrderMs / 1_000} s after the restore`);
  const first = history.orders().filter(({ time }) => time > startedAt);
  const old = history.orders().length - first.length;
  const lost = { orders: old - before.orders, fills: 0 };
  lost.fills = history.trades().filter(({ time }) => time <= startedAt).length - before.fills;
  const wrongBots = await botViolations(client, botsBefore);
  const idle = await stillTrading({ client, venue });
  const bots = counted(await client.bots());
  const adopted = await countAdopted(platform);
  const differing = await stopAll({ client, venue });
  const judged = await judge({ platform: { ...platform, assetsOf }, venue, history, opening, client });
  if (lost.fills < wanted.fills) missed.push(`only ${lost.fills} fills were lost: the check proves nothing`);
  return {
    backup,
    lost,
    adopted,
    bots,
    orders: history.orders().length,
    fills: history.trades().length,
    nextOrderMs: first.length === 0 ? null : Math.min(...first.map(({ time }) => time)) - startedAt,
    violations: [...missed, ...wrongBots, ...idle, ...differing, ...judged.violations],
  };
}
