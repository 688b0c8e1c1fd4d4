import { expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { type Instrument, Money, notional, parseDecimal } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import type { VenueFill } from '../execution-venue.js';
import { patience, type Standing, totalOf } from './standing.js';

/** What execution expects of fills, fees and balances: three sources, one truth. */
export function describeFills(get: () => Standing): void {
  it('tells every fill once and the same way: in the answer, on the stream and when asked; balances move by exactly that', async () => {
    const { venue, orders, instrument, listener, quote, expiry } = get();
    const since = venue.execution.venueTime();
    const before = await venue.execution.balances();
    const request = orders.market(quote(), 'buy');
    const placed = await venue.execution.place(request, expiry());
    if (placed.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(placed.kind)}`);
    expect(placed.order).toMatchObject({ status: 'filled', filledQuantity: request.quantity });
    const streamed = () => listener.fills.filter(({ order }) => order.clientOrderId === request.clientOrderId);
    await eventually(() => expect(streamed().at(-1)?.order.status).toBe('filled'), patience);
    const booked = await eventually(async () => {
      const fills = await venue.execution.fillsSince(instrument.id, { since: Timestamp.plus(since, -5 * second) });
      const own = fills.filter((fill) => fill.venueOrderId === placed.venueOrderId);
      expect(own).toHaveLength(streamed().length);
      return own;
    }, patience);
    expect(streamed().map(({ fill }) => fill)).toEqual(
      placed.fills.map((fill) => ({ ...fill, occurredAt: expect.anything() })),
    );
    expect(booked.map(exactPart)).toEqual(placed.fills.map(exactPart));
    expect(new Set(booked.map((fill) => fill.tradeId)).size).toBe(booked.length);
    const first = booked[0];
    if (first === undefined) throw new Error('no fill');
    const later = await venue.execution.fillsSince(instrument.id, { since, fromTradeId: first.tradeId });
    expect(later[0]?.tradeId).toBe(first.tradeId);
    const after = await venue.execution.balances();
    for (const currency of [instrument.base, instrument.quote])
      expect(totalOf(after, currency) - totalOf(before, currency)).toBe(movedBy(booked, instrument, currency));
    await venue.execution.place(orders.market(quote(), 'sell'), expiry());
  });

  it('knows what the account pays: no fill costs more than the rates that it tells', async () => {
    const { venue, instrument, orders, quote, expiry } = get();
    const rates = await venue.execution.feeRates(instrument.id);
    expect(rates.instrumentId).toBe(instrument.id);
    const placed = await venue.execution.place(orders.market(quote(), 'buy'), expiry());
    if (placed.kind !== 'accepted') throw new Error(`not accepted: ${placed.kind}`);
    const rate = parseDecimal(rates.takerFeeRate, 12);
    if (!rate.ok) throw new Error(`not a rate: ${rates.takerFeeRate}`);
    for (const { fee, quantity } of placed.fills) {
      if (fee.currency !== instrument.base) continue;
      const most = (Money.fromQuantity(quantity, instrument.base).amount * rate.value) / 10n ** 12n;
      expect(fee.amount).toBeLessThanOrEqual(most);
      expect(fee.amount * 2n).toBeGreaterThanOrEqual(most);
    }
    await venue.execution.place(orders.market(quote(), 'sell'), expiry());
  });
}

/** What both the answer and the history tell. */
const exactPart = ({ tradeId, venueOrderId, side, price, quantity, fee, liquidity }: VenueFill) => ({
  tradeId,
  venueOrderId,
  side,
  price,
  quantity,
  fee,
  liquidity,
});

function movedBy(fills: readonly VenueFill[], { base, quote }: Instrument, currency: string): bigint {
  return fills.reduce((sum, { price, quantity, fee }) => {
    const bought = currency === base ? Money.fromQuantity(quantity, base).amount : 0n;
    const paid = currency === quote ? notional(price, quantity, quote).amount : 0n;
    return sum + bought - paid - (fee.currency === currency ? fee.amount : 0n);
  }, 0n);
}
