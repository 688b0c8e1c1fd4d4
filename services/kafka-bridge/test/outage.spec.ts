import { expect } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { BridgeProcess } from './bridge-process.js';
import { BridgeWorld, firstsOf, healthOf, metricsOf, patiently } from './bridge-world.js';
import { brokerKind, openStoppableBroker } from './broker.js';
import type { StoppableBroker, TestBroker } from './broker-kinds.js';
import { ProtocolMock } from './protocol-mock.js';

/** One case's bridges and their broker; all of it goes with the case. */
class Crossing<Broker extends TestBroker> {
  readonly #processes: BridgeProcess[] = [];

  private constructor(
    readonly opened: BridgeWorld,
    readonly broker: Broker,
  ) {}

  static async with<Broker extends TestBroker>(
    broker: Broker,
    work: (crossing: Crossing<Broker>) => Promise<void>,
  ): Promise<void> {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS');
    const crossing = new Crossing(await BridgeWorld.open(nats, broker), broker);
    try {
      await work(crossing);
    } finally {
      await Promise.all(crossing.#processes.map((process) => process.stop()));
      await crossing.opened.close();
    }
  }

  launch(): BridgeProcess {
    const process = BridgeProcess.start(this.opened.env());
    this.#processes.push(process);
    return process;
  }
}

/** From more than one account, because each has an order of its own. */
async function say(opened: BridgeWorld, count: number): Promise<Record<string, string[]>> {
  const said: Record<string, string[]> = { ann: [], bob: [] };
  for (let index = 0; index < count; index += 1) {
    for (const account of ['ann', 'bob']) said[account]?.push((await opened.order(account)).meta.eventId);
  }
  return said;
}

async function expectWhole(opened: BridgeWorld, said: Record<string, string[]>): Promise<void> {
  const records = await opened.arrived('orders', Object.values(said).flat().length);
  for (const [account, ids] of Object.entries(said)) expect(firstsOf(records, account)).toEqual(ids);
}

const joined = (...parts: Record<string, string[]>[]): Record<string, string[]> => ({
  ann: parts.flatMap(({ ann = [] }) => ann),
  bob: parts.flatMap(({ bob = [] }) => bob),
});

describeWithServers(`while ${brokerKind} is away`, () => {
  const beside = sideBySide({ atOnce: 2 });
  /** Each case waits for the bridge to give a broker up and to find it again. */
  const away = (sentence: string, work: (crossing: Crossing<StoppableBroker>) => Promise<void>) =>
    beside(sentence, async () => Crossing.with(await openStoppableBroker(), work));

  away('events wait in their stream, the bridge says so, and all arrive in order when it is back', async (crossing) => {
    const { opened, broker } = crossing;
    const address = await crossing.launch().serving;
    const before = await say(opened, 20);
    await expectWhole(opened, before);
    await broker.stop();
    // More than may be in hand, so that the server holds the rest.
    const during = await say(opened, 200);
    await eventually(async () => {
      const { status, checks } = await healthOf(address);
      expect([status, checks['kafka']?.error]).toEqual([503, expect.stringMatching(/KAFKA_(UNREACHABLE|TIMEOUT)/)]);
      const metrics = await metricsOf(address);
      const value = (name: string) =>
        Number(new RegExp(`${name}\\{[^}]*ORDER_EVENTS[^}]*\\} (\\S+)`).exec(metrics)?.[1]);
      expect(value('scalpstorm_kafka_bridge_lag')).toBe(400);
      expect(value('scalpstorm_kafka_bridge_lag_seconds')).toBeGreaterThan(0);
      expect(value('scalpstorm_bus_in_hand')).toBeLessThanOrEqual(256);
    }, patiently);
    await broker.start();
    await expectWhole(opened, joined(before, during));
    await opened.caughtUp('ORDER_EVENTS');
    await eventually(async () => expect((await healthOf(address)).status).toBe(200), patiently);
  });

  away('a bridge that is killed and started again goes on where it stopped', async (crossing) => {
    const { opened, broker } = crossing;
    const first = crossing.launch();
    await first.serving;
    const before = await say(opened, 20);
    await expectWhole(opened, before);
    await broker.stop();
    const during = await say(opened, 50);
    await first.kill();
    const second = crossing.launch();
    await second.serving;
    await broker.start();
    const after = await say(opened, 20);
    await expectWhole(opened, joined(before, during, after));
  });
});

describeWithServers('a bridge', () => {
  const beside = sideBySide({ atOnce: 3 });
  const carries = (sentence: string, work: (crossing: Crossing<ProtocolMock>) => Promise<void>) =>
    beside(sentence, async () => Crossing.with(await ProtocolMock.open(), work));

  carries(
    'that is killed between produce and acknowledgement says some twice, under the same id, and loses none',
    async (crossing) => {
      const { opened, broker: mock } = crossing;
      const first = crossing.launch();
      await first.serving;
      mock.silent = true;
      const said = await say(opened, 30);
      const topic = opened.topic('orders');
      await eventually(() => expect(mock.records(topic).length).toBeGreaterThan(0), patiently);
      await first.kill();
      const unacknowledged = mock.records(topic).map(({ headers }) => headers['ce_id']);
      mock.silent = false;
      await crossing.launch().serving;
      const after = await say(opened, 10);
      await expectWhole(opened, joined(said, after));
      await opened.caughtUp('ORDER_EVENTS');
      const ids = mock.records(topic).map(({ headers }) => headers['ce_id']);
      for (const id of unacknowledged) expect(ids.filter((known) => known === id).length).toBeGreaterThan(1);
    },
  );

  carries('that is told to stop gives back what it had in hand, and the next one goes on at once', async (crossing) => {
    const { opened, broker: mock } = crossing;
    const first = crossing.launch();
    await first.serving;
    mock.silent = true;
    const said = await say(opened, 10);
    await eventually(() => expect(mock.records(opened.topic('orders')).length).toBeGreaterThan(0), patiently);
    expect(await first.stop()).toBe(0);
    mock.silent = false;
    await crossing.launch().serving;
    await expectWhole(opened, said);
  });

  carries('stands by while another one carries, and takes over when it is gone', async (crossing) => {
    const { opened } = crossing;
    const first = crossing.launch();
    const address = await first.serving;
    await eventually(async () => expect((await healthOf(address)).status).toBe(200), patiently);
    const standingBy = await crossing.launch().serving;
    const before = await say(opened, 50);
    await eventually(async () => {
      const { status, checks } = await healthOf(standingBy);
      expect([status, checks['kafka']?.error]).toEqual([503, expect.stringContaining('another process still reads')]);
    }, patiently);
    await expectWhole(opened, before);
    await first.stop();
    const after = await say(opened, 50);
    await expectWhole(opened, joined(before, after));
  });
});
