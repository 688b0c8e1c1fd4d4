// The run itself: few bots, then all of them, each for a while; then the death and the restart of strategy; then the books.
import { countsBetween, countsOf, countsText } from './counts.mjs';
import { listen } from './ear.mjs';
import { accountsFor, createFleet } from './fleet.mjs';
import { startPlatform } from './platform.mjs';

const parts = 5;
const settleMsMax = 120_000;
const progressMs = 10_000;
/** For creating, starting or stopping: so long, and so much more for every bot. Longer means that it does not keep up. */
const phaseMs = 120_000;
const phaseMsEach = 60;
const restartMsMax = 180_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const symbolOf = (index) => `S${String(index).padStart(2, '0')}-USDT`;

export async function measure({ bots, markets, seconds }, say) {
  const symbols = Array.from({ length: markets }, (_, index) => symbolOf(index));
  const platform = await startPlatform({ accounts: accountsFor(bots), symbols });
  const ear = await listen(platform.namespace);
  try {
    const fleet = createFleet({ bus: platform.bus, symbols, ear });
    const run = { platform, ear, fleet, say };
    const empty = await atRest(platform);
    say(`strategy without bots: ${empty.toFixed(0)} MiB`);
    const few = await phase(run, { count: Math.min(markets, bots), seconds });
    few.restart = await killAndRestart(run);
    const many = await phase(run, { count: bots, seconds });
    many.restart = await killAndRestart(run);
    // What the restart has asked for again shall be answered before anything is compared.
    await rate(run, { seconds: Math.max(1, seconds / 6) });
    const books = await close(run);
    return { bots, markets, empty, few, many, books };
  } finally {
    await ear.stop();
    await platform.stop();
  }
}

/** Resident memory once it has stopped growing after the start. */
async function atRest({ processes }) {
  await pause(3_000);
  return processes.usageOf('strategy').mebibytes;
}

async function timed(work) {
  const began = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - began) / 1_000 };
}

/** What was counted meanwhile, and the CPU time of every process, for each of so many bots. */
async function costOf({ platform }, bots, work) {
  const before = { counts: await counts(platform), usage: platform.processes.usage() };
  const done = await timed(work);
  const after = { counts: await counts(platform), usage: platform.processes.usage() };
  const cpuMs = Object.keys(after.usage).map((name) => {
    const spent = after.usage[name].cpuSeconds - before.usage[name].cpuSeconds;
    return [name, Number(((1_000 * spent) / bots).toPrecision(3))];
  });
  return { ...done, perBot: countsBetween(before.counts, after.counts, bots), cpuMs: Object.fromEntries(cpuMs) };
}

async function counts({ processes }) {
  const of = async (service) => [service, countsOf(await processes.metrics(service))];
  return Object.fromEntries(await Promise.all(['strategy', 'risk-gate', 'execution'].map(of)));
}

function costText({ perBot, cpuMs }) {
  const cpu = Object.entries(cpuMs).map(([name, ms]) => `${name} ${ms}`);
  return `${countsText(perBot)}; CPU ms ${cpu.join(' ')}`;
}

async function phase(run, { count, seconds }) {
  const { fleet, platform, say } = run;
  const wanted = count - fleet.bots.length;
  const chatted = await timed(() => fleet.chat(wanted));
  const created = await costOf(run, wanted, () => watched(run, 'creating', () => fleet.create(count), count));
  const started = await costOf(run, wanted, () => watched(run, 'starting', () => fleet.start(created.value), count));
  say(`${count} bots: created in ${created.seconds.toFixed(1)} s, started in ${started.seconds.toFixed(1)} s`);
  say(`for each created one: ${costText(created)}`);
  say(`for each started one: ${costText(started)}`);
  await everybodyAsked(run, count);
  const windows = [];
  for (let index = 0; index < parts; index += 1) windows.push(await rate(run, { seconds: seconds / parts }));
  const { mebibytes } = platform.processes.usageOf('strategy');
  return {
    count,
    wanted,
    chatSeconds: chatted.seconds,
    created,
    started,
    windows,
    mebibytes,
    rowKibibytes: await platform.records.rowKibibytes(),
  };
}

/** Tells now and then how the processes are while something long is under way. */
async function watched({ platform, ear, say }, what, work, count) {
  let before = snapshot(platform);
  const timer = setInterval(() => {
    const now = snapshot(platform);
    say(`${what} … ${ear.onTheWay()} on the way, ${cpuText(cpuBetween(before, now))}`);
    before = now;
  }, progressMs);
  const late = async () => {
    const { waiting, outbox } = await backlog(platform);
    return `BENCH_NOT_KEPT_UP: ${what} ${count} bots took longer than ${inSeconds(bound)}: ${ear.onTheWay()} orders and cancels have no answer, ${waiting} order events and ${outbox} messages of strategy wait. Take fewer: --bots ${Math.max(1, Math.floor(count / 2))}`;
  };
  const bound = phaseMs + count * phaseMsEach;
  try {
    return await within(bound, work(), late);
  } finally {
    clearInterval(timer);
  }
}

const inSeconds = (ms) => `${(ms / 1_000).toFixed(0)} s`;

/** @param late the text of the error when it took longer */
async function within(ms, work, late) {
  const { promise, resolve } = Promise.withResolvers();
  const timer = setTimeout(resolve, ms, within);
  try {
    if ((await Promise.race([work, promise])) === within) throw new Error(await late());
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

/** Of strategy: what it has not heard, and what it has not said. */
async function backlog({ processes }) {
  const text = await processes.metrics('strategy').catch(() => '');
  const of = (pattern) => pattern.exec(text)?.[1] ?? 'unknown';
  return {
    waiting: of(/^scalpstorm_bus_pending\{[^}]*ORDER_EVENTS[^}]*\} (\S+)/m),
    outbox: of(/^scalpstorm_outbox_depth\{[^}]*\} (\S+)/m),
  };
}

const snapshot = ({ processes }) => ({ usage: processes.usage(), at: performance.now() });

/** Per cent of a core, by process. */
function cpuBetween(before, after) {
  const seconds = (after.at - before.at) / 1_000;
  const shareOf = (name) => (100 * (after.usage[name].cpuSeconds - before.usage[name].cpuSeconds)) / seconds;
  return Object.fromEntries(Object.keys(after.usage).map((name) => [name, shareOf(name)]));
}

const cpuText = (cpu) =>
  `CPU ${Object.entries(cpu)
    .map(([name, share]) => `${name} ${share.toFixed(0)}`)
    .join(' ')} %`;

/** The orders of the start are on their way or told; from here on the fleet goes at its own pace. */
async function everybodyAsked({ ear, say }, count) {
  const until = performance.now() + 20_000;
  // Those that wait for the market need not ask for anything: only the resting half must have.
  while (ear.peek().bots.size < Math.floor(count / 2) && performance.now() < until) await pause(200);
  say(`${ear.peek().bots.size} of ${count} bots have asked for an order`);
}

async function rate({ ear, platform, say }, { seconds }) {
  ear.take();
  const before = snapshot(platform);
  await pause(seconds * 1_000);
  const heard = ear.take();
  const after = snapshot(platform);
  const elapsed = (after.at - before.at) / 1_000;
  const events = Object.fromEntries(heard.events);
  const window = {
    ticks: heard.ticks / elapsed,
    orders: heard.requests / elapsed,
    fills: (events.filled ?? 0) / elapsed,
    decisionMs: heard.decisionMs,
    cpu: cpuBetween(before, after),
  };
  const rates = `${window.ticks.toFixed(0)} ticks/s, ${window.orders.toFixed(0)} orders/s, ${window.fills.toFixed(0)} fills/s`;
  const rest = `${heard.askedAgain} asked again, ${heard.denied} denied, ${ear.onTheWay()} on the way, ${heard.unanswered} lost`;
  say(`${rates}; ${rest}; ${cpuText(window.cpu)}; ${JSON.stringify(events)}`);
  return window;
}

async function killAndRestart({ platform, ear, say }) {
  await platform.processes.kill('strategy');
  const killedAt = performance.now();
  const next = ear.nextRequest();
  const ready = timed(() => platform.processes.restart('strategy'));
  const late = () => `BENCH_NOT_KEPT_UP: no bot asked for an order within ${inSeconds(restartMsMax)} after the restart`;
  const seconds = ((await within(restartMsMax, next, late)) - killedAt) / 1_000;
  const { seconds: readySeconds } = await ready;
  say(`strategy killed: next order after ${seconds.toFixed(1)} s, ready after ${readySeconds.toFixed(1)} s`);
  return { seconds, readySeconds };
}

/** Stops everything and compares what everybody has written down. */
async function close(run) {
  const { fleet, platform, say } = run;
  const stopped = await timed(() => watched(run, 'stopping', () => fleet.stop(fleet.bots), fleet.bots.length));
  const { records } = platform;
  const until = performance.now() + settleMsMax;
  let fills = await records.fills();
  while (performance.now() < until) {
    const open = await records.openOrders();
    fills = await records.fills();
    if (open === 0 && fills.told === fills.had) break;
    await pause(500);
  }
  const accounts = await records.reconciledAccounts();
  const open = await records.openOrders();
  const cycles = await records.cycles();
  say(
    `stopped in ${stopped.seconds.toFixed(1)} s; ${open} orders open, ${cycles} cycles, fills told ${fills.told} of ${fills.had}, ${accounts} accounts equal to the venue`,
  );
  return { fills, accounts, cycles, open, stopSeconds: stopped.seconds };
}
