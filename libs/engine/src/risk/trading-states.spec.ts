import { describe, expect, it } from '@jest/globals';
import { type OrderRequest, Quantity, RiskScope, type Side, VenueId } from '@scalpstorm/model';
import fc from 'fast-check';
import { at, exampleBot, exampleRequest } from '../testing.js';
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
  told,
  wanted,
} from './scene.js';
import { applyOrder, botStanding, type Standing } from './standing.js';
import { strictestOf, untouched } from './trading-in-force.js';

const reducing = { trading: told('reducing') };
const units = (count: number) => Quantity.of(String(count));
const opening = (side: Side, quantity: number, cycle = 100): OrderRequest =>
  wanted({ ...slot(cycle), side, quantity: units(quantity) });
const short = (count: number): Standing =>
  applyOrder(empty, filledOrder(exampleRequest({ ...slot(1), side: 'sell', quantity: units(count) })), instrument);

describe('a state that only reduces', () => {
  it('lets an opening order bring the position toward zero, from either side, and to zero at most', () => {
    expect(code(opening('sell', 3), holding('3'), reducing)).toBe('approved');
    expect(code(opening('sell', 4), holding('3'), reducing)).toBe('TRADING_REDUCING');
    expect(code(opening('buy', 3), short(3), reducing)).toBe('approved');
    expect(code(opening('buy', 4), short(3), reducing)).toBe('TRADING_REDUCING');
  });

  it('lets nothing grow, nothing begin, and nothing lean on what another bot holds', () => {
    expect(code(opening('buy', 1), holding('3'), reducing)).toBe('TRADING_REDUCING');
    expect(code(opening('sell', 1), short(3), reducing)).toBe('TRADING_REDUCING');
    expect(code(opening('sell', 1), empty, reducing)).toBe('TRADING_REDUCING');
    expect(code(opening('sell', 1), holding('3', otherBot), reducing)).toBe('TRADING_REDUCING');
  });

  it('counts what works on that side already, and closes pass as ever', () => {
    const standing = approved(holding('3'), opening('sell', 2));
    expect(code(opening('sell', 2, 101), standing, reducing)).toBe('TRADING_REDUCING');
    expect(code(opening('sell', 1, 101), standing, reducing)).toBe('approved');
    const close = wanted({ ...slot(102, 'exit'), side: 'sell', purpose: 'close', quantity: units(1) });
    expect(code(close, standing, reducing)).toBe('approved');
  });

  it('never flips a position, whatever is asked and fills', () => {
    const asked = fc.record({ side: fc.constantFrom<Side>('buy', 'sell'), quantity: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        fc.array(asked, { maxLength: 8 }),
        (held, long, wishes) => {
          let standing = long ? holding(String(held)) : short(held);
          const orders: OrderRequest[] = [];
          for (const [index, { side, quantity }] of wishes.entries()) {
            const order = opening(side, quantity, 100 + index);
            if (code(order, standing, reducing) !== 'approved') continue;
            standing = approved(standing, order);
            orders.push(order);
          }
          for (const order of orders) standing = applyOrder(standing, filledOrder(order), instrument);
          const after = botStanding(standing, exampleBot).positions.get(instrument.id) ?? 0n;
          expect(long ? after >= 0n && after <= units(held) : after <= 0n && -after <= units(held)).toBe(true);
        },
      ),
    );
  });

  it('says of whom, since when, why, how much would pass, and what to do', () => {
    const verdict = decide(opening('sell', 4), holding('3'), limits, { ...context, ...reducing });
    expect(verdict).toEqual({
      kind: 'denied',
      denial: {
        code: 'TRADING_REDUCING',
        field: '/quantity',
        text: expect.stringMatching(
          /^Trading only reduces for the bot bot_\w{8} since \d{4}-.*Z \(drill\)\. .*: here 3\.$/,
        ),
        limit: '3',
        value: '4',
        next: `Release bot:${exampleBot}, then the bot goes on. Or sell at most 3, in whole steps.`,
      },
    });
  });
});

it('a halt says of whom, since when and why, too', () => {
  const trading = { ...told('halted'), scope: RiskScope.venue(VenueId.of('sim')), text: '' };
  expect(decide(opening('buy', 1), empty, limits, { ...context, trading })).toMatchObject({
    denial: {
      text: expect.stringMatching(/^Trading is halted for the venue sim since .*Z\. /),
      next: expect.stringContaining('venue:sim'),
    },
  });
});

it('the strictest word binds, and of equally strict ones the first', () => {
  const [first, second, third] = [told('reducing'), { ...told('halted'), since: at(1) }, told('halted')];
  expect(strictestOf([first, second, third], untouched)).toBe(second);
  expect(strictestOf([], untouched)).toBe(untouched);
});
