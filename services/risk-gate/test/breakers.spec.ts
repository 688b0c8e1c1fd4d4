import { expect } from '@jest/globals';
import { BotId, ClientOrderId, Money, type OrderRequest, Quantity, RiskScope } from '@scalpstorm/model';
import { anOrderRequest, describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { type GateWorld, inGateWorld } from './gate-world.js';

const patiently = { everyMs: 250, timeoutMs: 60_000 };
const botId = BotId.of('bot_gatetest');
const scope = RiskScope.bot(botId);
const settings = {
  APPROVAL_LIFE_MS: '2000',
  RISK_MARKET_AGE_MS_MAX: '60000',
  RISK_ORDER_NOTIONAL_MAX: '1000',
  RISK_BREAKER_BOT_LOSSES_IN_A_ROW_MAX: '2',
  RISK_BREAKER_COOL_DOWN_S: '3600',
  RISK_BREAKER_RUNAWAY_DENIALS_PER_MINUTE_MAX: '2',
};

const another = { botId: BotId.of('bot_opengate') };
const held = (by: string, state = 'halted') => [{ scope: `bot:${botId}`, state, by, operator: false }];

/** What strategy asks of a gate, and what it is told; every order that is asked for is a new one. */
function asking(world: GateWorld) {
  let attempt = 0;
  async function verdictOn(changes: Partial<OrderRequest> = {}): Promise<string> {
    attempt += 1;
    const owner = changes.botId ?? botId;
    const clientOrderId = ClientOrderId.forSlot({ botId: owner, cycle: 0, leg: 'entry', attempt });
    const order = anOrderRequest({ botId: owner, clientOrderId, ...changes });
    await world.request(order);
    return eventually(async () => {
      const [verdict] = await world.verdictsOf(order);
      expect(verdict).toBeDefined();
      return verdict && 'denial' in verdict ? verdict.denial.code : 'APPROVED';
    });
  }
  const opened = () => eventually(async () => expect(await verdictOn(another)).toBe('APPROVED'), patiently);
  return { verdictOn, opened };
}

describeWithServers('circuit breakers', ({ postgresUrl }) => {
  const beside = sideBySide();
  /** Each case has a gate of its own, and mostly waits until gates have recovered. */
  const each = (sentence: string, work: (world: GateWorld, ask: ReturnType<typeof asking>) => Promise<void>) =>
    beside(sentence, () =>
      inGateWorld(postgresUrl, settings, async (world) => {
        await world.startGate();
        await work(world, asking(world));
      }),
    );

  each(
    'a bot that loses twice in a row is halted, over a restart, and its owner waits for the end of the cool-down',
    async (world, { opened, verdictOn }) => {
      await opened();
      await world.cycle(botId, 0, Money.of('-1', 'USDT'));
      await world.cycle(botId, 1, Money.of('2', 'USDT'));
      await world.cycle(botId, 2, Money.of('-1', 'USDT'));
      expect(await verdictOn()).toBe('APPROVED');
      await world.cycle(botId, 3, Money.of('-1', 'USDT'));
      await eventually(async () => expect(await world.states()).toEqual(held('breaker:losses-in-a-row')));
      expect(await verdictOn()).toBe('TRADING_HALTED');
      expect(await verdictOn(another)).toBe('APPROVED');
      await world.stopGate();
      await world.startGate();
      expect(await verdictOn()).toBe('TRADING_HALTED');
      const refused = { ok: false, refusals: [{ code: 'COOL_DOWN_NOT_OVER' }] };
      expect(await world.say(scope, 'active')).toMatchObject(refused);
      await world.sql`update breaker_trips set until_us = 0`;
      await world.stopGate();
      await world.startGate();
      await eventually(async () => expect(await world.states()).toEqual([]), patiently);
      await opened();
      expect(await verdictOn()).toBe('APPROVED');
    },
  );

  each(
    'a bot that is denied again and again is halted until somebody releases it',
    async (world, { opened, verdictOn }) => {
      await opened();
      const tooMuch = { quantity: Quantity.of('1') };
      for (let time = 0; time < 3; time += 1) expect(await verdictOn(tooMuch)).toBe('ORDER_NOTIONAL_ABOVE_MAXIMUM');
      await eventually(async () => expect(await world.states()).toEqual(held('breaker:runaway')));
      expect(await verdictOn()).toBe('TRADING_HALTED');
      await world.stopGate();
      await world.startGate();
      await opened();
      expect(await verdictOn()).toBe('TRADING_HALTED');
      expect(await world.say(scope, 'active')).toMatchObject({ ok: true });
      expect(await verdictOn()).toBe('APPROVED');
    },
  );
});
