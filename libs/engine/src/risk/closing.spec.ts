import { describe, expect, it } from '@jest/globals';
import { ClientOrderId, Money, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { exampleRequest } from '../testing.js';
import { decide } from './decide.js';
import {
  approved,
  code,
  context,
  empty,
  filledOrder,
  holding,
  instrument,
  limits,
  otherBot,
  slot,
  small,
  told,
  wanted,
} from './scene.js';
import { applyOrder, type Standing } from './standing.js';

describe('a closing order', () => {
  const close = (quantity: string, changes: Partial<OrderRequest> = {}) =>
    wanted({ ...slot(1, 'exit'), side: 'sell', purpose: 'close', quantity: Quantity.of(quantity), ...changes });

  it('is never blocked by a limit, by the market data or by what is not known', () => {
    const rich = holding('12');
    const busy = Array.from({ length: 9 }).reduce<Standing>(
      (standing, _, n) => approved(standing, wanted({ ...slot(n + 2, 'entry', otherBot), quantity: small }), 9.9),
      rich,
    );
    const unasked = (): never => {
      throw new Error('a close asked for what others are exposed to');
    };
    const bad = {
      recovering: true,
      unlisted: instrument.id,
      market: null,
      marks: new Map(),
      funds: null,
      // Summed over every account: a close must not wait for it.
      elsewhere: { user: unasked, venue: unasked },
    };
    expect(code(close('12'), busy, bad)).toBe('approved');
    expect(code(close('12', { price: Price.of('1') }), busy)).toBe('approved');
    expect(code(close('0.00001'), busy)).toBe('approved');
    expect(code(close('12'), busy, { instrument: { ...instrument, status: 'halted' } })).toBe('approved');
    expect(code(close('12'), busy, { instrument: null })).toBe('approved');
    expect(code(close('12', { type: 'market', price: null }), busy, { market: null })).toBe('approved');
  });

  it('is denied beyond what its own fills hold less what works already, with the numbers', () => {
    const standing = approved(holding('1'), close('0.4', slot(0, 'exit')));
    expect(code(close('0.6'), standing)).toBe('approved');
    expect(decide(close('0.60001'), standing, limits, context)).toMatchObject({
      denial: { code: 'EXCEEDS_POSITION', limit: '0.6', value: '0.60001', next: 'Close at most 0.6, in whole steps.' },
    });
    expect(code(close('0.1'), holding('1', otherBot))).toBe('EXCEEDS_POSITION');
    expect(code(close('0.1', { side: 'buy' }), holding('1'))).toBe('EXCEEDS_POSITION');
  });

  it('cannot close what a fee in base took', () => {
    const bought = filledOrder(exampleRequest(slot(1)));
    const standing = applyOrder(empty, { ...bought, fees: [Money.of('0.001', 'BTC')] }, instrument);
    expect(code(close('1'), standing)).toBe('EXCEEDS_POSITION');
    expect(code(close('0.999'), standing)).toBe('approved');
  });

  it('passes a halt, as far as it truly closes', () => {
    const halted = { trading: told('halted') };
    const long = holding('1');
    const short = applyOrder(empty, filledOrder(exampleRequest({ ...slot(1), side: 'sell' })), instrument);
    expect(code(close('1'), long, halted)).toBe('approved');
    expect(code(close('1', slot(1, 'flatten')), long, halted)).toBe('approved');
    expect(code(close('1.00001'), long, halted)).toBe('EXCEEDS_POSITION');
    expect(code(close('0.1'), approved(long, close('1', slot(0, 'exit'))), halted)).toBe('EXCEEDS_POSITION');
    // The way out of a position that began with a sell is a buy.
    expect(code(close('1', { side: 'buy' }), short, halted)).toBe('approved');
    expect(code(close('1'), short, halted)).toBe('EXCEEDS_POSITION');
    expect(code(close('1', { side: 'buy' }), long, halted)).toBe('EXCEEDS_POSITION');
    // From flat nothing closes, and what calls itself opening is not let through for the side it is on.
    expect(code(close('1'), empty, halted)).toBe('EXCEEDS_POSITION');
    expect(code(wanted({ side: 'sell', quantity: small }), long, halted)).toBe('TRADING_HALTED');
    const byHand = { botId: null, clientOrderId: ClientOrderId.of('manual1') };
    const held = applyOrder(empty, filledOrder(exampleRequest({ ...byHand })), instrument);
    const manual = close('1', { ...byHand, clientOrderId: ClientOrderId.of('manual2') });
    expect(code(manual, held, halted)).toBe('approved');
  });
});

describe('the most of one order at the market', () => {
  const narrow = {
    instrument: { ...instrument, marketQuantityMax: Quantity.of('0.4'), quantityMax: Quantity.of('0.6') },
  };
  const atMarket = { type: 'market', price: null } as const;
  const judged = (changes: Partial<OrderRequest>) =>
    decide(wanted(changes), holding('1'), limits, { ...context, ...narrow });

  it('binds an opening one, with the numbers', () => {
    expect(judged({ ...atMarket, quantity: Quantity.of('0.5') })).toMatchObject({
      denial: { code: 'QUANTITY_ABOVE_MAXIMUM', limit: '0.4', value: '0.5', next: 'Nearest allowed: 0.4.' },
    });
    expect(judged({ ...atMarket, quantity: Quantity.of('0.4') })).not.toHaveProperty('denial');
  });

  it('does not bind one with a price, which has a maximum of its own', () => {
    expect(judged({ quantity: Quantity.of('0.6') })).not.toHaveProperty('denial');
    expect(judged({ quantity: Quantity.of('0.7') })).toMatchObject({
      denial: { code: 'QUANTITY_ABOVE_MAXIMUM', limit: '0.6' },
    });
  });

  it('is for the venue to judge when an order closes', () => {
    const closes = { side: 'sell', purpose: 'close', ...slot(1, 'exit'), quantity: Quantity.of('0.5') } as const;
    expect(judged({ ...atMarket, ...closes })).not.toHaveProperty('denial');
  });
});
