import { expect } from '@jest/globals';
import { BotId, ClientOrderId, type Leg, type OrderRequest, Quantity, RiskScope } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { type GateWorld, inGateWorld } from './gate-world.js';

/** Every try is a message that all later looks read again. */
const patiently = { everyMs: 250, timeoutMs: 60_000 };
const botId = BotId.of('bot_gatetest');
const settings = { APPROVAL_LIFE_MS: '2000', RISK_MARKET_AGE_MS_MAX: '60000' };

const another = { botId: BotId.of('bot_opengate') };
const sell = (quantity: string) => ({ side: 'sell' as const, quantity: Quantity.of(quantity) });
const close = { ...sell('0.001'), purpose: 'close' as const };

/** What strategy asks of a gate, and what it is told; every order that is asked for is a new one. */
function asking(world: GateWorld) {
  let attempt = 0;
  async function verdictOn(changes: Partial<OrderRequest> = {}, leg: Leg = 'entry'): Promise<string> {
    attempt += 1;
    const owner = changes.botId ?? botId;
    const clientOrderId = ClientOrderId.forSlot({ botId: owner, cycle: 0, leg, attempt });
    const order = anOrderRequest({ botId: owner, clientOrderId, ...changes });
    await world.request(order);
    return eventually(async () => {
      const [verdict, ...more] = await world.verdictsOf(order);
      expect([verdict !== undefined, more]).toEqual([true, []]);
      return verdict && 'denial' in verdict ? verdict.denial.code : 'APPROVED';
    });
  }
  const opened = () => eventually(async () => expect(await verdictOn(another)).toBe('APPROVED'), patiently);
  return { verdictOn, opened };
}

describeWithServers('what is said of one bot', ({ postgresUrl }) => {
  const beside = sideBySide();
  /** Each case has a gate of its own, and mostly waits until gates have recovered. */
  const each = (sentence: string, work: (world: GateWorld, ask: ReturnType<typeof asking>) => Promise<void>) =>
    beside(sentence, () => inGateWorld(postgresUrl, settings, (world) => work(world, asking(world))));

  each(
    'binds it and no other, outlives the gate, and what an operator said is not its owner’s to undo',
    async (world, { opened, verdictOn }) => {
      await world.hold(botId, '0.01');
      await world.startGate();
      await opened();
      const scope = RiskScope.bot(botId);
      expect(await world.say(scope, 'reducing', true)).toMatchObject({ ok: true, value: { state: 'active' } });
      expect(await verdictOn()).toBe('TRADING_REDUCING');
      expect(await verdictOn(sell('0.011'))).toBe('TRADING_REDUCING');
      expect(await verdictOn(another)).toBe('APPROVED');
      await world.stopGate();
      await world.startGate();
      const told = { scope: `bot:${botId}`, state: 'reducing', by: 'user_risk', operator: true };
      expect(await world.states()).toEqual([told]);
      expect(await verdictOn()).toBe('TRADING_REDUCING');

      // Its owner may make it stricter, and nothing milder of it then either.
      const refused = { ok: false, refusals: [{ code: 'RELEASE_NEEDS_OPERATOR', field: '/state' }] };
      expect(await world.say(scope, 'active')).toMatchObject(refused);
      expect(await world.say(scope, 'halted')).toMatchObject({ ok: true });
      expect(await world.say(scope, 'active')).toMatchObject(refused);
      expect(await verdictOn(sell('0.001'))).toBe('TRADING_HALTED');
      expect(await verdictOn(close, 'exit')).toBe('APPROVED');
      expect(await world.say(scope, 'active', true)).toMatchObject({ ok: true });
      expect(await world.states()).toEqual([]);
      await opened();
      expect(await verdictOn()).toBe('APPROVED');
      await eventually(async () => expect(await world.tradingStates()).toBe(3));
    },
  );

  each(
    'its limit holds from the answer on, for no other, and for the next gate, too',
    async (world, { opened, verdictOn }) => {
      await world.startGate();
      await opened();
      const scope = RiskScope.bot(botId);
      const name = 'RISK_ORDER_NOTIONAL_MAX';
      const rows = [expect.objectContaining({ name, value: '1', source: scope, own: '1' })];
      expect(await world.setLimit(scope, name, '1', 0)).toMatchObject({
        ok: true,
        value: { limits: expect.arrayContaining(rows), limitsVersion: 1 },
      });
      expect(await verdictOn()).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
      expect(await verdictOn(another)).toBe('APPROVED');
      await world.stopGate();
      await world.startGate();
      await opened();
      expect(await verdictOn()).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
      expect(await world.setLimit(scope, name, '2', 0)).toMatchObject({
        refusals: [{ code: 'LIMITS_VERSION_CHANGED' }],
      });
      expect(await world.setLimit(scope, name, '10001')).toMatchObject({ refusals: [{ code: 'LIMIT_ABOVE_BOUND' }] });
      expect(await world.setLimit(scope, name, null)).toMatchObject({ ok: true, value: { limitsVersion: 2 } });
      expect(await verdictOn()).toBe('APPROVED');
    },
  );
});
