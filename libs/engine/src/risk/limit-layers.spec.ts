import { describe, expect, it } from '@jest/globals';
import { AccountId, BotId, Money, Quantity, RiskScope, scopeKinds, UserId, VenueId } from '@scalpstorm/model';
import fc from 'fast-check';
import { decide } from './decide.js';
import { type LimitLayer, limitNames, limitsInForce, type TightLimits, tightenable, unitsOf } from './limit-layers.js';
import { context, empty, limits, wanted } from './scene.js';

const scopes = [
  RiskScope.platform,
  RiskScope.venue(VenueId.of('sim')),
  RiskScope.user(UserId.of('usr_1')),
  RiskScope.account(AccountId.of('demo')),
  RiskScope.bot(BotId.of('bot_00000001')),
];
const tight: fc.Arbitrary<TightLimits> = fc
  .dictionary(fc.constantFrom(...limitNames), fc.nat({ max: 6_000 }))
  .map((numbers) =>
    Object.fromEntries(
      Object.entries(numbers).map(([name, number]) => {
        const isMoney = typeof limits[name as keyof TightLimits] !== 'number';
        return [name, isMoney ? Money.of(String(number), 'USDT') : number];
      }),
    ),
  );
const layers: fc.Arbitrary<readonly LimitLayer[]> = fc
  .tuple(
    ...scopes.map((scope) =>
      fc.option(
        tight.map((one) => ({ scope, limits: one })),
        { nil: null },
      ),
    ),
  )
  .map((some) => some.filter((one) => one !== null));

describe('limits of several scopes', () => {
  it('come to the tightest of all of them, and say whose it is', () => {
    fc.assert(
      fc.property(layers, (given) => {
        const { limits: found, sources } = limitsInForce(limits, given);
        for (const name of limitNames) {
          const set = given.flatMap((layer) => (layer.limits[name] === undefined ? [] : [layer]));
          const every = [limits[name], ...set.map((layer) => layer.limits[name] ?? limits[name])].map(unitsOf);
          const [least = 0n] = every.toSorted((left, right) => (left < right ? -1 : 1));
          expect(unitsOf(found[name])).toBe(least);
          const source = set.find((layer) => unitsOf(layer.limits[name] ?? limits[name]) === least)?.scope;
          expect(sources.get(name)).toEqual(unitsOf(limits[name]) === least ? undefined : source);
        }
      }),
    );
  });

  it('never loosen, whatever a narrower one says', () => {
    fc.assert(
      fc.property(layers, (given) => {
        for (let count = 0; count < given.length; count += 1) {
          const wide = limitsInForce(limits, given.slice(0, count)).limits;
          const narrow = limitsInForce(limits, given.slice(0, count + 1)).limits;
          for (const name of limitNames) expect(unitsOf(narrow[name]) <= unitsOf(wide[name])).toBe(true);
        }
      }),
    );
  });

  it('are of kinds of scopes, the platform always among them', () => {
    for (const name of limitNames) {
      expect([name, tightenable[name].every((kind) => scopeKinds.includes(kind))]).toEqual([name, true]);
      expect([name, tightenable[name][0]]).toEqual([name, 'platform']);
    }
  });
});

describe('a denial by a limit', () => {
  const tenth = { orderNotionalMax: Money.of('100', 'USDT'), ordersPerBotMax: 0 };
  const bot = RiskScope.bot(BotId.of('bot_00000001'));
  const judged = (given: readonly LimitLayer[], quantity: string) => {
    const inForce = limitsInForce(limits, given);
    const request = wanted({ quantity: Quantity.of(quantity) });
    const verdict = decide(request, empty, inForce.limits, { ...context, limitSources: inForce.sources });
    return verdict.kind === 'denied' ? verdict.denial : null;
  };

  it('says who has set it', () => {
    expect(judged([{ scope: bot, limits: tenth }], '2')).toMatchObject({
      code: 'ORDER_NOTIONAL_ABOVE_MAXIMUM',
      limit: '100',
      text: expect.stringMatching(/ It was set for the bot bot_00000001\.$/),
    });
    expect(judged([{ scope: RiskScope.platform, limits: tenth }], '2')?.text).toMatch(
      / It was set for the whole platform\.$/,
    );
    expect(judged([], '10.5')?.text).toMatch(/ It is the platform’s setting\.$/);
  });

  it('names the one of two that was broken', () => {
    expect(judged([{ scope: bot, limits: { ordersPerBotMax: 0 } }], '1')).toMatchObject({
      code: 'ORDER_RATE_EXCEEDED',
      text: 'The bot orders too fast. It was set for the bot bot_00000001.',
    });
    const account = { scope: RiskScope.account(AccountId.of('demo')), limits: { ordersPerAccountMax: 0 } };
    expect(judged([account], '1')?.text).toBe('The account orders too fast. It was set for the account demo.');
  });
});
