import { expect } from '@jest/globals';
import { BotId, ClientOrderId, type Leg, Money, type OrderRequest, Quantity, VenueOrderId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aBalance, anOrder, anOrderRequest, describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { type GateWorld, inGateWorld } from './gate-world.js';

const settings = {
  APPROVAL_LIFE_MS: '2000',
  RISK_OPEN_ORDERS_PER_BOT_MAX: '1',
  RISK_ORDER_NOTIONAL_MAX: '1000',
  RISK_MARKET_AGE_MS_MAX: '60000',
};
/** For what has to happen while a gate recovers or an approval lives, on a machine that gives processes no turn for seconds. */
const longLife = { ...settings, APPROVAL_LIFE_MS: '8000' };
/** Every try is a message that all later looks read again. */
const patiently = { everyMs: 250, timeoutMs: 60_000 };
const botId = BotId.of('bot_gatetest');

function wish(attempt: number, changes: Partial<OrderRequest> = {}, leg: Leg = 'entry'): OrderRequest {
  const owner = changes.botId ?? botId;
  const clientOrderId = ClientOrderId.forSlot({ botId: owner, cycle: 0, leg, attempt });
  return anOrderRequest({ botId: owner, clientOrderId, ...changes });
}

const closing = (attempt: number) => wish(attempt, { side: 'sell', purpose: 'close' }, 'exit');

/** What strategy asks of a gate, and what it is told. */
function asking(world: GateWorld) {
  async function verdictOf(order: OrderRequest): Promise<string> {
    await world.request(order);
    return settledVerdictOf(order);
  }

  async function settledVerdictOf(order: OrderRequest): Promise<string> {
    return eventually(async () => {
      const verdicts = await world.verdictsOf(order);
      expect(verdicts).toHaveLength(1);
      const [verdict] = verdicts;
      return verdict && 'denial' in verdict ? verdict.denial.code : 'APPROVED';
    });
  }

  /** The attempt from which on opening orders are judged. */
  async function opened(from = 100): Promise<number> {
    let attempt = from;
    await eventually(async () => {
      attempt += 1;
      const probe = wish(attempt, { botId: BotId.of('bot_opengate') });
      expect(['APPROVED', 'TOO_MANY_OPEN_ORDERS']).toContain(await verdictOf(probe));
    }, patiently);
    return attempt;
  }

  return { verdictOf, settledVerdictOf, opened };
}

describeWithServers('the risk gate', ({ postgresUrl }) => {
  /** Each case has a gate of its own and mostly waits, for approvals to end and for gates to have recovered: they wait side by side. */
  const beside = sideBySide();
  const each = (
    sentence: string,
    work: (world: GateWorld, ask: ReturnType<typeof asking>) => Promise<void>,
    its: Readonly<Record<string, string>> = settings,
  ) => beside(sentence, () => inGateWorld(postgresUrl, its, (world) => work(world, asking(world))));

  each(
    'opens nothing while it recovers, closes at once, and then judges',
    async (world, { opened, verdictOf }) => {
      await world.hold(botId, '0.01');
      await world.startGate();
      expect(await verdictOf(wish(0))).toBe('GATE_RECOVERING');
      expect(await verdictOf(closing(0))).toBe('APPROVED');
      expect(await verdictOf(closing(1))).toBe('EXCEEDS_POSITION');
      await opened();
      await eventually(() => expect(world.approvals.map(({ order }) => order.purpose)).toContain('close'));
    },
    longLife,
  );

  each(
    'gives one verdict however often it is asked, also after a restart that lost its own notes',
    async (world, { opened, verdictOf, settledVerdictOf }) => {
      await world.startGate();
      await opened();
      const order = wish(0);
      const denied = wish(1, { quantity: Quantity.of('1') });
      for (let ask = 1; ask < 5; ask += 1) await Promise.all([world.request(order, ask), world.request(denied, ask)]);
      expect(await settledVerdictOf(order)).toBe('APPROVED');
      expect(await settledVerdictOf(denied)).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
      await world.stopGate();
      const noted = await world.sql.begin(async (tx) => {
        await tx`select set_config('scalpstorm.pruning', 'on', true)`;
        return tx`delete from verdicts where client_order_id in (${order.clientOrderId}, ${denied.clientOrderId})`;
      });
      expect(noted.count).toBe(2);
      await world.startGate();
      await world.request(order, 5);
      await world.request(denied, 5);
      // Answered after those two, so they have been judged.
      expect(await verdictOf(wish(2))).toBe('GATE_RECOVERING');
      expect(await settledVerdictOf(order)).toBe('APPROVED');
      expect(await settledVerdictOf(denied)).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
      expect(world.approvals.filter((event) => event.order.clientOrderId === order.clientOrderId)).toHaveLength(1);
    },
    longLife,
  );

  each(
    'tells a lost approval again once its time is over, so that its end is heard',
    async (world, { opened, verdictOf }) => {
      await world.startGate();
      await opened();
      const order = wish(0);
      expect(await verdictOf(order)).toBe('APPROVED');
      let ask = 1;
      await eventually(async () => {
        ask += 1;
        await world.request(order, ask);
        const told = world.approvals.filter((event) => event.order.clientOrderId === order.clientOrderId);
        expect(told.length).toBeGreaterThan(1);
        expect(new Set(told.map((event) => event.expiresAt)).size).toBe(1);
      });
    },
  );

  each('says why it denies: a code, the limit, the value and what to do', async (world, { opened, verdictOf }) => {
    await world.startGate();
    await opened();
    const order = wish(0, { quantity: Quantity.of('0.1') });
    await verdictOf(order);
    const [denied] = await world.verdictsOf(order);
    expect(denied).toMatchObject({
      denial: {
        code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM',
        limit: '1000',
        value: '5000',
        next: 'Lower the quantity, or raise the limit.',
      },
    });
    await eventually(async () =>
      expect(
        await world.sql`select code, approved from verdicts where client_order_id = ${order.clientOrderId}`,
      ).toEqual([{ code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM', approved: false }]),
    );
  });

  each(
    'halts at once, stays halted over a restart, tells everybody, and is released',
    async (world, { opened, verdictOf }) => {
      await world.hold(botId, '0.01');
      await world.startGate();
      const attempt = await opened();
      // Nobody has ever halted: asked over the real bus, because a null has to pass the codec.
      expect(await world.command('state')).toMatchObject({ state: 'active', since: null });
      expect(await world.command('release')).toMatchObject({ state: 'active', since: null });
      expect(await world.command('halt', 'fat finger')).toMatchObject({ state: 'halted', text: 'fat finger' });
      expect(await verdictOf(wish(1))).toBe('TRADING_HALTED');
      // What is held may be given back, as far as it truly is.
      expect(await verdictOf(wish(1, { side: 'sell' }, 'exit'))).toBe('TRADING_HALTED');
      expect(await verdictOf(closing(2))).toBe('APPROVED');
      expect(await verdictOf(wish(0, { side: 'sell', purpose: 'close' }, 'flatten'))).toBe('EXCEEDS_POSITION');
      await world.command('halt', 'again');
      await world.stopGate();
      await world.startGate();
      expect(await world.command('state')).toMatchObject({ state: 'halted', text: 'fat finger' });
      expect(await verdictOf(wish(2))).toBe('TRADING_HALTED');
      expect(await world.command('release')).toMatchObject({ state: 'active' });
      await opened(attempt);
      await eventually(async () => expect(await world.tradingStates()).toBe(2));
    },
  );

  each(
    'approves nothing to open once a halt is answered; what it approved before ends within an approval’s life',
    async (world, { opened, verdictOf }) => {
      await world.startGate();
      await opened();
      const flood = Array.from({ length: 60 }, (_, index) =>
        wish(0, { botId: BotId.of(`bot_flood${String(index).padStart(3, '0')}`) }),
      );
      const asking = flood.map((order) => world.request(order));
      await eventually(() => expect(world.approvals.length).toBeGreaterThan(5));
      await world.command('halt', 'in the middle of it');
      const haltedAt = world.now();
      await Promise.all(asking);
      const late = wish(0, { botId: BotId.of('bot_toolate0') });
      expect(await verdictOf(late)).toBe('TRADING_HALTED');
      const asked = flood.map(({ clientOrderId }) => clientOrderId).sort();
      await eventually(async () => {
        const judged = (await world.verdicts()).map(({ order }) => order.clientOrderId);
        expect(judged.filter((id) => asked.includes(id)).sort()).toEqual(asked);
      });
      const expiries = world.approvals.map(({ expiresAt }) => expiresAt);
      expect(Math.max(...expiries) - haltedAt).toBeLessThanOrEqual(Number(settings.APPROVAL_LIFE_MS) * 1_000);
    },
  );

  each(
    'opens only what the account has, and nothing while that is not known',
    async (world, { verdictOf }) => {
      world.balances = [];
      await world.startGate();
      let attempt = 200;
      const next = () => {
        attempt += 1;
        return wish(attempt, { botId: BotId.of(`bot_${String(attempt).padStart(8, '0')}`) });
      };
      await eventually(async () => expect(await verdictOf(next())).toBe('BALANCE_UNKNOWN'), patiently);
      const order = next();
      world.balances = [aBalance({ free: Money.of('600', 'USDT') })];
      await eventually(async () => expect(await verdictOf(next())).toBe('APPROVED'), patiently);
      // The venue's word does not show the first one yet.
      expect(await verdictOf(order)).toBe('BALANCE_INSUFFICIENT');
    },
    longLife,
  );

  each(
    'gives a reservation back when nobody acted on the approval',
    async (world, { opened, verdictOf }) => {
      await world.startGate();
      await opened();
      expect(await verdictOf(wish(0))).toBe('APPROVED');
      expect(await verdictOf(wish(1))).toBe('TOO_MANY_OPEN_ORDERS');
      let attempt = 2;
      await eventually(async () => {
        attempt += 1;
        expect(await verdictOf(wish(attempt))).toBe('APPROVED');
      }, patiently);
    },
    longLife,
  );

  each(
    'rebuilds its standing from the books of execution, and follows what execution tells',
    async (world, { opened, verdictOf }) => {
      const order = wish(0);
      await world.doubtful(order);
      await world.startGate();
      await opened();
      const denied = wish(1);
      expect(await verdictOf(denied)).toBe('TOO_MANY_OPEN_ORDERS');
      expect(await world.verdictsOf(denied)).toMatchObject([{ denial: { limit: '1', value: '2' } }]);
      const venueOrderId = VenueOrderId.of('v1');
      const reason = { code: 'VENUE_CANCELED', text: 'canceled' };
      const ended = anOrder({
        request: order,
        status: 'canceled',
        venueOrderId,
        reason,
        version: 3,
        updatedAt: world.now(),
      });
      await world.change(ended, { kind: 'canceled', reason });
      let attempt = 2;
      await eventually(async () => {
        attempt += 1;
        expect(await verdictOf(wish(attempt))).toBe('APPROVED');
      });
    },
  );

  each(
    'judges alone: a second gate waits, says for what, and then knows what the first has approved',
    async (world, { opened, verdictOf }) => {
      await world.startGate();
      const attempt = await opened();
      const log = new RecordingLog();
      const taking = world.startSuccessor(log);
      const url = await eventually(() => {
        const serving = log.lines.find(({ text }) => text === 'serving');
        expect(serving).toBeDefined();
        return String(serving?.fields['operationsUrl']);
      }, patiently);
      await eventually(async () => {
        const report: unknown = await (await fetch(`${url}/health/ready`)).json();
        const lease = { status: 'down', error: expect.stringContaining('waiting for the lease') };
        expect(report).toMatchObject({ ready: false, checks: { lease } });
      }, patiently);
      const order = wish(0);
      expect(await verdictOf(order)).toBe('APPROVED');
      await world.doubtful(order);
      await world.stopGate();
      await taking;
      await opened(attempt + 100);
      expect(await verdictOf(wish(1))).toBe('TOO_MANY_OPEN_ORDERS');
      const warnings = [...world.log.lines, ...log.lines].filter(({ level }) => level === 'warn');
      // A bus that answers late on a loaded machine is weather, and no fault of the two.
      expect(warnings.filter(({ fields }) => fields['context'] !== 'bus')).toEqual([]);
    },
  );
});
