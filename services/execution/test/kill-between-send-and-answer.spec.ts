import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { BotId, ClientOrderId, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually } from '@scalpstorm/testkit';
import { violationsOf } from './consistency.js';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld, instrumentId } from './execution-world.js';

/**
 * Each lane is an execution process with an exchange and a namespace of its own: while one waits for a request to expire, others work.
 * Every fate comes twice. Thousands of deaths at these moments are for `npm run simulate`, real ones for `npm run chaos`.
 */
const lanes = 1;
const killsInLane = 8;
const kills = lanes * killsInLane;
/** So long that a process which gets no turn for a while sends it all the same. */
const requestLifeMs = 4_000;
/** The simulated exchange answers from its books themselves; the wait for that is for real venues. */
const settings = {
  ORDER_REQUEST_LIFE_MS: `${requestLifeMs}`,
  VENUE_READ_LAG_MS: '250',
  RECONCILE_EVERY_MS: '1000',
};

/**
 * What happens to the requests of a round. The process dies as soon as all of them have reached the venue. Mostly the next
 * process is killed before it has found out; after the last fate it may first find out everything.
 */
const fates = [
  { name: 'placed while it dies, answered to nobody', delayMs: 1_000, dropAnswer: false },
  { name: 'placed at once, the connection cut instead of an answer', delayMs: 0, dropAnswer: true },
  { name: 'too late for its own expiry, so never placed', delayMs: requestLifeMs + 600, dropAnswer: false },
  { name: 'placed when the next process is already asking for it', delayMs: requestLifeMs - 250, dropAnswer: false },
] as const;
const tooLate = 2;

const botId = BotId.of('bot_killtest');
const quantity = Quantity.of('0.001');
const market = { type: 'market', price: null, timeInForce: 'IOC', quantity } as const;
const farBelow = Price.of('54000');
/** What the bot holds before the first kill: a close of more than it holds is refused, and its own openings are given up or cost a fee. */
const holding = anOrderRequest({
  ...market,
  botId,
  instrumentId,
  clientOrderId: ClientOrderId.of('heldbefore'),
  side: 'buy',
  purpose: 'open',
  quantity: Quantity.of('0.05'),
});
const wishes: readonly Partial<OrderRequest>[] = [
  { ...market, side: 'buy', purpose: 'open' },
  { type: 'limit', price: farBelow, timeInForce: 'GTC', quantity, side: 'buy', purpose: 'open' },
  { type: 'limit', price: farBelow, timeInForce: 'IOC', quantity, side: 'buy', purpose: 'open' },
  { ...market, side: 'sell', purpose: 'close' },
];

function intentsOf(round: number): readonly OrderRequest[] {
  return wishes.map((wish, attempt) => {
    const leg = wish.purpose === 'close' ? 'exit' : 'entry';
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: round, leg, attempt });
    return anOrderRequest({ ...wish, botId, instrumentId, clientOrderId });
  });
}

const fateOf = (index: number): number => Math.floor(index / wishes.length) % fates.length;

/** One execution process after another, each killed in its turn. */
class Lane {
  private inDoubt = 0;
  private readonly intents: OrderRequest[] = [];
  private running: ExecutionProcess;

  private constructor(readonly world: ExecutionWorld) {
    this.running = world.start();
  }

  static async open(servers: Parameters<typeof ExecutionWorld.open>[0]): Promise<Lane> {
    return new Lane(await ExecutionWorld.open(servers, settings));
  }

  async killAll() {
    await this.running.serving;
    await this.world.hold(holding);
    for (let round = 0; round < killsInLane; round += 1) {
      const fate = fates[round % fates.length];
      if (fate === undefined) throw new Error('no fate');
      await this.kill(fate, intentsOf(round));
      if (round % fates.length === fates.length - 1) await this.settled();
    }
    await this.settled();
    return { facts: await this.factsInTheEnd(), intents: this.intents, inDoubt: this.inDoubt };
  }

  private async kill(fate: (typeof fates)[number], wanted: readonly OrderRequest[]): Promise<void> {
    const { world } = this;
    await this.running.serving;
    await world.fault({ ...fate, count: wanted.length });
    await Promise.all(wanted.map((order) => world.approve(order)));
    await eventually(async () => expect(await world.requestsAwaited()).toBe(0), { timeoutMs: 60_000 });
    await this.running.kill();
    this.running = world.start();
    this.inDoubt += await world.unsettled();
    this.intents.push(...wanted);
  }

  /** An order that was found is known before its fills are; what is doubled, lost or misjudged stays so. */
  private factsInTheEnd() {
    const ids = this.intents.map((order) => order.clientOrderId);
    return eventually(
      async () => {
        const facts = await this.world.facts(ids);
        expect(facts.flatMap(violationsOf)).toEqual([]);
        return facts;
      },
      { everyMs: 500, timeoutMs: 90_000 },
    );
  }

  private settled(): Promise<void> {
    const unsettled = () => this.world.unsettled();
    return eventually(async () => expect(await unsettled()).toBe(0), { everyMs: 50, timeoutMs: 60_000 });
  }

  async close(): Promise<void> {
    await this.running.kill();
    await this.world.close();
  }
}

describeWithServers('execution, killed between send and answer', ({ postgresUrl }) => {
  const open: Lane[] = [];

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    while (open.length < lanes) open.push(await Lane.open({ nats, postgresUrl }));
  });

  afterAll(() => Promise.all(open.map((lane) => lane.close())));

  it(`never doubles, loses or misjudges an order in ${kills} kills`, async () => {
    const ended = await Promise.all(open.map((lane) => lane.killAll()));
    const facts = ended.flatMap((lane) => lane.facts);
    expect(facts).toHaveLength(kills * wishes.length);
    // Without these the test would prove nothing: the kills hit orders in doubt, and every fate came to pass.
    expect(ended.reduce((sum, { inDoubt }) => sum + inDoubt, 0)).toBeGreaterThan(2 * kills);
    expect(new Set(facts.map(({ ours }) => ours?.status))).toEqual(new Set(['filled', 'accepted', 'expired']));
    expect(facts.some(({ ours }) => ours?.reasonCode === 'VENUE_EXPIRED')).toBe(true);
    // An opening order that never arrived is given up: its price is old.
    const wronglyKept = ended.flatMap(({ facts: known, intents }) => {
      const found = new Map(known.map(({ clientOrderId, ours }) => [clientOrderId, ours?.reasonCode]));
      const givenUp = intents.filter(({ purpose }, index) => purpose === 'open' && fateOf(index) === tooLate);
      return givenUp.filter(({ clientOrderId }) => found.get(clientOrderId) !== 'NOT_FOUND_AFTER_EXPIRY');
    });
    expect(wronglyKept).toEqual([]);
    const resent = facts.filter(({ ours }) => (ours?.events ?? []).filter((kind) => kind === 'sending').length > 1);
    expect(resent.length).toBeGreaterThan(0);
  }, 900_000);

  it('agrees with the venue to the last decimal afterwards', async () => {
    for (const { world } of open) {
      const unrepaired = await world.sql`select * from differences where not repaired`;
      expect(unrepaired).toEqual([]);
      // A fee in the base currency makes the position smaller.
      const sums = await world.sql`
        select (select sum(quantity) from positions) =
               (select sum(case side when 'buy' then quantity else -quantity end) -
                       sum(case fee_currency when 'BTC' then fee else 0 end) from fills) as equal`;
      expect(sums).toEqual([{ equal: true }]);
    }
  });
});
