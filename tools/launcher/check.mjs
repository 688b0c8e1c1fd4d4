import { setTimeout as delay } from 'node:timers/promises';
import { say } from '../progress.mjs';
import { eachOf } from './each-of.mjs';
import { usageOf } from './usage.mjs';

const cyclesWanted = 3;
const pollMs = 500;
const tellMs = 10_000;
const syntheticMs = 5 * 60_000;
const recordedMs = 60 * 60_000;
const settleMs = 30_000;
/** More bots than these are told as a sum. */
const listedMax = 10;

/**
 * Polls until `met` returns true.
 * @returns {Promise<boolean>} false when the bound passed first
 */
async function until(met, boundMs, tell) {
  const end = Date.now() + boundMs;
  let told = Date.now();
  while (!(await met())) {
    if (Date.now() > end) return false;
    if (tell !== undefined && Date.now() - told > tellMs) {
      told = Date.now();
      tell();
    }
    await delay(pollMs);
  }
  return true;
}

function summary(bots) {
  if (bots.length > listedMax) {
    const cycles = bots.map((bot) => bot.cycles).toSorted((left, right) => left - right);
    const fills = bots.reduce((sum, bot) => sum + bot.fills, 0);
    return `… trading: ${bots.length} bots, ${cycles[0]} to ${cycles.at(-1)} cycles each, ${fills} fills`;
  }
  return `… trading: cycles ${bots.map(({ cycles }) => cycles).join(' ')}, fills ${bots.map(({ fills }) => fills).join(' ')}`;
}

async function trade({ client, market, endOfFile }) {
  let bots = await client.bots();
  // An instance that was used before has cycles already: only those of this check count.
  const before = new Map(bots.map(({ id, cycles }) => [id, cycles]));
  const through = ({ id, cycles }) => cycles - (before.get(id) ?? 0) >= cyclesWanted;
  let atEnd = false;
  endOfFile.then(() => {
    atEnd = true;
  });
  const recorded = market === 'recorded';
  const done = async () => {
    bots = await client.bots();
    return recorded ? atEnd : bots.length > 0 && bots.every(through);
  };
  const boundMs = recorded ? recordedMs : syntheticMs;
  if (await until(done, boundMs, () => say(summary(bots)))) return undefined;
  return recorded
    ? 'the capture did not end in an hour'
    : `not every bot completed ${cyclesWanted} cycles in ${boundMs / 1000} s`;
}

async function stopTrading(client) {
  await eachOf(await client.bots(), ({ id }) => client.command(id, 'stop'));
  let open = [];
  const settled = await until(async () => {
    open = await client.openOrders();
    return open.length === 0;
  }, settleMs);
  return settled ? undefined : `${open.length} orders were still open ${settleMs / 1000} s after the bots were stopped`;
}

/** Memory at the end of trading, and the share of one core that each process used while it lasted. */
function usageSince(before, after, seconds) {
  return after.map(({ name, memoryMiB, cpuSeconds }) => {
    const spent = cpuSeconds - (before.find((earlier) => earlier.name === name)?.cpuSeconds ?? 0);
    return { name, memoryMiB, cpuPercent: Math.max(0, Math.round((spent / seconds) * 100)) };
  });
}

async function reconcile(client) {
  let answer;
  await until(async () => {
    answer = await client.reconciliation();
    return answer.reconciled;
  }, settleMs);
  if (answer.reconciled) return { reconciled: true };
  const differences = JSON.stringify(answer.differences ?? []).slice(0, 500);
  return { reconciled: false, reason: `the books differ from the venue's: ${differences}` };
}

/** Takes the steps of the listed bots again, from what was written of them: the same orders must come of it. */
async function replay(client, bots) {
  const replayed = { bots: 0, steps: 0, orders: 0 };
  if (process.env.BOT_JOURNAL === 'off') return { replayed };
  const { replayJournal, strategies } = await import('@scalpstorm/strategies');
  for (const { id, name } of bots.filter((bot) => strategies.has(bot.strategy)).slice(0, listedMax)) {
    const { steps, orders, difference } = replayJournal(await client.journal(id), strategies);
    if (difference !== null) {
      const { number, heard } = difference;
      return { replayed, reason: `the replay of ${name ?? id} differs at row ${number} of its journal, on ${heard}` };
    }
    replayed.bots += 1;
    replayed.steps += steps;
    replayed.orders += orders;
  }
  return { replayed, reason: replayed.orders === 0 ? 'no journal tells of an order' : undefined };
}

/**
 * Trades until enough has happened, stops every bot, waits until no order is open, compares the books and replays the journals.
 * @param {{client: object, market: 'synthetic' | 'recorded', endOfFile: Promise<void>, lap: (name: string) => void,
 *   processes: () => readonly {name: string, pid: number}[]}} wanted `processes` are those whose memory and CPU time are told
 */
export async function runCheck({ client, market, endOfFile, lap, processes }) {
  const before = usageOf(processes());
  const startedAt = Date.now();
  const short = await trade({ client, market, endOfFile });
  const usage = usageSince(before, usageOf(processes()), (Date.now() - startedAt) / 1_000);
  lap('trade');
  const open = await stopTrading(client);
  const { reconciled, reason: difference } = await reconcile(client);
  const bots = await client.bots();
  const { replayed, reason: parted } = await replay(client, bots);
  const silent = bots.filter(({ fills }) => fills === 0).map(({ name, id }) => name ?? id);
  const idle = bots.length === 0 || silent.length > 0 ? `not every bot filled: ${silent.join(', ')}` : undefined;
  const reason = short ?? open ?? difference ?? idle ?? parted;
  return { ok: reason === undefined, bots, reconciled, replayed, processes: usage, reason };
}
