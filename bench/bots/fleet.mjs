// Bots of the scalping cycle, as users would have them: many users, each with an account of his own and so many bots at most as
// the platform allows one by itself. Half of them rest their orders in the book, half wait until the market is at their price.
import { botQuestion, strategiesQuestion } from '@scalpstorm/contracts';
import { AccountId, InstrumentId, UserId } from '@scalpstorm/model';

export const botsPerUser = 500;
/** Commands under way at the same time: two of each user where there are ten thousand bots. */
const abreast = 40;
const answerMs = 60_000;
const attemptsMax = 5;

const accountOf = (index) => `bench-${Math.floor(index / botsPerUser)}`;
const userOf = (index) => UserId.of(`usr_bench${Math.floor(index / botsPerUser)}`);
export const accountsFor = (bots) =>
  Array.from({ length: Math.ceil(bots / botsPerUser) }, (_, user) => accountOf(user * botsPerUser));

/** Offsets in basis points that a market of this size meets now and then, not at once. */
const entries = [6, 9, 12, 16, 20, 25];
const exits = [6, 8, 10, 13];
const pace = { coolDownSeconds: 180, entryTimeoutSeconds: 600, loop: true };

export function configOf(index, symbols) {
  const waits = index % 2 === 1;
  const symbol = symbols[index % symbols.length];
  return {
    name: `bench-${index}`,
    strategy: 'scalping-cycle',
    accountId: AccountId.of(accountOf(index)),
    mode: 'demo',
    instrumentId: InstrumentId.of('sim', symbol),
    parameters: {
      quantity: '0.3',
      buyPrice: { offset: `-${entries[index % entries.length]}`, unit: 'bps', from: waits ? 'vwap' : 'mid' },
      sellPrice: { offset: `${exits[index % exits.length]}`, unit: 'bps', from: 'entry' },
      timeInForce: waits ? 'IOC' : 'GTC',
      stopLossPercent: waits ? '2' : null,
      ...pace,
    },
  };
}

/** No more bots are started or stopped while so many orders and cancels have no answer yet, and one more for so many bots. */
const onTheWayMax = 200;
const ordersOfRunning = 20;
const stuckMs = 120_000;

/** @param {{bus: object, symbols: readonly string[], ear: object}} parts `bus`: the gateway's connection */
export function createFleet({ bus, symbols, ear }) {
  const bots = [];
  let commands = 0;

  const ask = async (command) => {
    commands += 1;
    const asked = { commandId: `command-${commands}`, ...command };
    const answer = await repeated(() => bus.ask(botQuestion, asked, answerMs));
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusals));
    return answer.value;
  };
  const verb = async (all, name) => {
    await each(all, async ({ id, userId }) => {
      await roomFor(ear, bots.length);
      return ask({ kind: 'verb', userId, botId: id, verb: name });
    });
  };

  return {
    bots,
    /** Up to so many in all; gives back the new ones. */
    create: async (count) => {
      const indexes = interleaved(bots.length, count);
      const made = await each(indexes, (index) =>
        ask({ kind: 'create', userId: userOf(index), config: configOf(index, symbols) }),
      );
      bots.push(...made);
      return made;
    },
    start: (all) => verb(all, 'start'),
    stop: (all) => verb(all, 'stop'),
    /** Questions that read nothing, so many and as many abreast. */
    chat: (count) => each(Array.from({ length: count }), () => bus.ask(strategiesQuestion, {}, answerMs)),
  };
}

/** A service that has no turn on a busy machine does not answer in time; a command that is repeated is carried out once. */
async function repeated(ask) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt >= attemptsMax) throw error;
    }
  }
}

/** Neighbours belong to different users, so that those who ask at the same time do. */
function interleaved(from, to) {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  return indexes.sort((left, right) => (left % botsPerUser) - (right % botsPerUser) || left - right);
}

async function each(items, work) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: abreast }, lane));
  return results;
}

async function roomFor(ear, running) {
  const until = performance.now() + stuckMs;
  while (ear.onTheWay() >= onTheWayMax + running / ordersOfRunning) {
    if (performance.now() > until)
      throw new Error(`${ear.onTheWay()} orders and cancels had no answer for ${stuckMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
