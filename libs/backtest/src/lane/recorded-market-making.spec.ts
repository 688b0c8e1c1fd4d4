import { beforeAll, expect, it } from '@jest/globals';
import { assert } from '@scalpstorm/kernel';
import { ClientOrderId, type Fill, Money, Price, Quantity } from '@scalpstorm/model';
import type { StrategyContext } from '@scalpstorm/strategies';
import { cashOf, overheard, sum } from '../../test/overheard.js';
import { recorded, recordedSource, spotBook, spotTrades } from '../../test/recorded-data.js';
import type { LanePlan } from './lane-options.js';
import { laneSummaryOf } from './lane-summary.js';
import { planOf, play } from './scene.js';

const [lot, start] = [Quantity.of('0.01'), Money.of('10000', 'USDT')];
const parameters = {
  quantity: '0.01',
  lots: 3,
  marginBps: '0.2',
  spreadMaxBps: '20',
  refreshSeconds: 1,
  atrPeriod: 3,
  atrSeconds: 5,
};
const fees = [{ volumeMin: Money.of('0', 'USDT'), makerRate: '0.00001', takerRate: '0.0004' }];

/** What it asked for, and what it was told when it did. */
interface Asked {
  readonly price: Price;
  readonly side: 'buy' | 'sell';
  readonly told: StrategyContext;
  readonly held: bigint;
}

/** Market making itself, told of quotes only where they are heard, as live when the feed is away; what it asks is written down. */
function planWith(
  asked: Map<string, Asked>,
  { lots = 3, hears = () => true }: { readonly lots?: number; readonly hears?: (now: number) => boolean } = {},
): LanePlan {
  let held = 0n;
  const heard = overheard('market-making', (configured) => ({
    step: (state, event, told) => {
      if (event.kind === 'order-changed' && event.fill !== null) held += baseOf(event.fill);
      const context = hears(told.now) ? told : { ...told, quote: null };
      const step = configured.step(state, event, context);
      for (const effect of step.effects) {
        if (effect.kind !== 'place' || effect.order.price === null) continue;
        const { clientOrderId, price, side } = effect.order;
        asked.set(clientOrderId, { price, side, told: context, held });
      }
      return step;
    },
  }));
  const bots = [{ strategy: 'market-making', parameters: { ...parameters, lots }, symbol: 'BTC-USDT' }];
  return planOf({}, { fees, feeIn: 'quote' }, { bots, strategies: heard });
}

const run = (plan: LanePlan) => play(plan, recordedSource(spotTrades), recordedSource(spotBook));
const baseOf = ({ side, quantity }: Fill): bigint => (side === 'buy' ? quantity : -quantity);

/** The middle, lowered by what is held: q × γ × σ² × τ basis points, σ from the average range of a Brownian motion; at most 20. */
function reservation({ told: { quote, atr }, held }: Asked): { readonly middle: number; readonly lowered: number } {
  const middle = (Number(quote?.bidPrice) + Number(quote?.askPrice)) / 2;
  const sigma = (Number(atr) / middle) * 1e4 * Math.sqrt(Math.PI / 8);
  const bps = Math.min((Number(held) / Number(lot)) * 0.05 * sigma ** 2 * (60 / 5), 20);
  return { middle, lowered: middle * (1 - bps / 1e4) };
}

recorded('market making on a recorded book', () => {
  const askedWhole = new Map<string, Asked>();
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    whole = await run(planWith(askedWhole));
  });

  // It would hold two here if it might.
  it.each([
    [1, 1n],
    [3, 2n],
  ])(
    'of %i lots at most is never filled beyond them, nor on the wrong side of the middle that it quoted by',
    async (lots, most) => {
      const one = new Map<string, Asked>();
      const [asked, { fills }] =
        lots === parameters.lots ? [askedWhole, whole] : [one, await run(planWith(one, { lots }))];
      expect(fills.length).toBeGreaterThan(20);
      let base = 0n;
      const held = fills.map((fill) => {
        base += baseOf(fill);
        return base;
      });
      expect(held.every((of) => of >= 0n && of <= most * lot)).toBe(true);
      expect(held).toContain(most * lot);
      for (const { clientOrderId, side, price, liquidity } of fills) {
        const order = asked.get(clientOrderId);
        assert(order !== undefined, 'filled, and never asked for');
        expect([order.side, order.price, liquidity]).toEqual([side, price, 'maker']);
        const { middle, lowered } = reservation(order);
        if (side === 'buy') expect(Number(price)).toBeLessThan(lowered);
        else expect(Number(price)).toBeGreaterThan(lowered);
        // Flat, that is the middle itself; and no order is priced through the market.
        if (order.held === 0n) expect(lowered).toBe(middle);
        const { bidPrice = 0n, askPrice = 0n } = order.told.quote ?? {};
        expect(side === 'buy' ? price < askPrice : price > bidPrice).toBe(true);
      }
    },
  );

  it('earns what its fills say, to the last digit, and gives the same bytes twice', async () => {
    const plan = planWith(new Map());
    const { fills, lane } = whole;
    const cycles = lane.bots[0]?.cycles ?? [];
    expect(cycles.length).toBeGreaterThan(5);
    for (const { number, net } of cycles) {
      const own = fills.filter(({ clientOrderId }) => ClientOrderId.slotOf(clientOrderId)?.cycle === number);
      expect(net.amount).toBe(sum(own.map(cashOf)));
    }
    expect(lane.wallet.total(start.currency)).toBe(start.amount + sum(fills.map(cashOf)));
    const again = await run(plan);
    expect(JSON.stringify(laneSummaryOf(plan, again))).toBe(JSON.stringify(laneSummaryOf(plan, whole)));
  });

  it('withdraws everything while no quote is heard, and quotes again after it', async () => {
    const asked = new Map<string, Asked>();
    const one = whole.fills[whole.fills.length >> 1]?.occurredAt ?? 0;
    const [from, to] = [one - 5e6, one + 35e6];
    const { fills, orders } = await run(planWith(asked, { hears: (now) => now < from || now >= to }));
    const inside = (at: number): boolean => at > from + 1e6 && at < to;
    expect(whole.fills.some(({ occurredAt }) => inside(occurredAt))).toBe(true);
    expect(fills.filter(({ occurredAt }) => inside(occurredAt))).toEqual([]);
    expect([...asked.values()].every(({ told }) => told.quote !== null)).toBe(true);
    expect(orders.filter(({ createdAt }) => createdAt >= from && createdAt < to)).toEqual([]);
    expect(orders.some(({ createdAt }) => createdAt >= to)).toBe(true);
  });
});
