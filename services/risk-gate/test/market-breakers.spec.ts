import { expect } from '@jest/globals';
import { BotId, ClientOrderId, Money, Price } from '@scalpstorm/model';
import { aBalance, anOrderRequest, describeWithServers, eventually, sideBySide } from '@scalpstorm/testkit';
import { type GateWorld, inGateWorld } from './gate-world.js';

const patiently = { everyMs: 250, timeoutMs: 60_000 };
const settings = {
  APPROVAL_LIFE_MS: '2000',
  RISK_MARKET_AGE_MS_MAX: '60000',
  RISK_ORDER_NOTIONAL_MAX: '1000',
  RISK_BREAKER_PRICE_MOVE_BPS_MAX: '100',
  RISK_BREAKER_ACCOUNT_DRAWDOWN_BPS_MAX: '1000',
};

/** What strategy asks of a gate, and what it is told; every order that is asked for is a new one. */
function asking(world: GateWorld) {
  let attempt = 0;
  async function verdict(): Promise<{ code: string; text: string }> {
    attempt += 1;
    const botId = BotId.of(`bot_market${String(attempt).padStart(2, '0')}`);
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt });
    const order = anOrderRequest({ botId, clientOrderId });
    await world.request(order);
    return eventually(async () => {
      const [given] = await world.verdictsOf(order);
      expect(given).toBeDefined();
      return given && 'denial' in given ? given.denial : { code: 'APPROVED', text: '' };
    });
  }
  const opened = () => eventually(async () => expect(await verdict()).toMatchObject({ code: 'APPROVED' }), patiently);

  return { verdict, opened };
}

describeWithServers('breakers of markets and accounts', ({ postgresUrl }) => {
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
    'a market that moves too fast opens nothing, and says so, over a restart',
    async (world, { opened, verdict }) => {
      await opened();
      world.quoted = { bidPrice: Price.of('51000'), askPrice: Price.of('51001') };
      await eventually(async () => expect(await verdict()).toMatchObject({ code: 'TRADING_HALTED' }), patiently);
      expect((await verdict()).text).toMatch(
        /halted for the instrument sim:BTC-USDT since .*Price move: \d+ bps within 60 s/,
      );
      expect(await world.states()).toMatchObject([{ scope: 'instrument:sim:BTC-USDT', by: 'breaker:price-move' }]);
      await world.stopGate();
      await world.startGate();
      expect(await verdict()).toMatchObject({ code: 'TRADING_HALTED' });
    },
  );

  each('an account that has lost too much opens nothing', async (world, { opened, verdict }) => {
    await opened();
    await eventually(async () => expect(await world.sql`select scope from equity_peaks`).toHaveLength(1), patiently);
    world.balances = [aBalance({ free: Money.of('800000', 'USDT') })];
    await eventually(async () => expect(await verdict()).toMatchObject({ code: 'TRADING_HALTED' }), patiently);
    expect((await verdict()).text).toContain('halted for the account demo');
  });
});
