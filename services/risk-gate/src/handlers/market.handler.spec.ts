import { describe, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { EventId } from '@scalpstorm/model';
import { aFeedStatus, aQuote, aTrade } from '@scalpstorm/testkit';
import { codeOf, gateScene, wish } from '../../test/gate-scene.js';
import { MarketViews } from '../domain/market-views.js';
import { MarketHandler } from './market.handler.js';

/** What the gate says to an opening order after the handler heard one event, `happened` and `told` so long before it was heard. */
function verdictAfter(event: 'quote' | 'trade', { happened, told }: { happened: Micros; told: Micros }): string {
  const { clock, newGate } = gateScene();
  const views = new MarketViews();
  const gate = newGate(views);
  gate.expectBooks();
  gate.restore([]);
  gate.open();
  const handler = new MarketHandler(views, clock);
  const ago = (micros: Micros) => Timestamp.plus(clock.now(), -micros);
  const meta = createMeta(EventId.of('evt-1'), null, ago(happened), ago(told));
  handler.onStatus({
    meta: createMeta(EventId.of('evt-0'), null, ago(told), ago(told)),
    status: aFeedStatus({ state: 'live', clockOffset: 0 }),
  });
  if (event === 'quote') handler.onQuote({ meta, quote: aQuote({ occurredAt: ago(happened) }) });
  else handler.onTrade({ meta, trade: aTrade({ occurredAt: ago(happened) }) });
  return codeOf(gate.judge(wish()));
}

describe('market data that reaches the gate', () => {
  it.each([
    ['a quote told just now', 'quote', { happened: 0, told: 0 }, 'fresh'],
    ['a quote that has been standing for an hour', 'quote', { happened: 3_600 * second, told: 0 }, 'fresh'],
    [
      'a quote that was an hour on the bus',
      'quote',
      { happened: 3_600 * second, told: 3_600 * second },
      'MARKET_DATA_STALE',
    ],
    [
      'a trade of an hour ago, told and heard an hour ago',
      'trade',
      { happened: 3_600 * second, told: 3_600 * second },
      'MARKET_DATA_STALE',
    ],
    ['a quote of the next hour', 'quote', { happened: -3_600 * second, told: 0 }, 'MARKET_DATA_FROM_FUTURE'],
    ['a trade of the next hour', 'trade', { happened: -3_600 * second, told: 0 }, 'MARKET_DATA_FROM_FUTURE'],
  ] as const)('%s', (_, event, times, expected) => {
    const code = verdictAfter(event, times);
    if (expected === 'fresh') expect(code).not.toMatch(/MARKET_DATA/);
    else expect(code).toBe(expected);
  });
});
