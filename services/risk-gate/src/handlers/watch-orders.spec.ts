import { afterEach, describe, expect, it } from '@jest/globals';
import { createMeta } from '@scalpstorm/contracts';
import { second, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  EventId,
  type OrderEvent,
  type OrderRequest,
  Price,
  RiskScope,
  VenueOrderId,
} from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { aFill, aQuote } from '@scalpstorm/testkit';
import { breakerEnv } from '../../test/breaker-env.js';
import { gateScene, orderOf, wish } from '../../test/gate-scene.js';
import { SwitchedLease } from '../../test/handler-scene.js';
import { MemoryStates, MemoryTrips } from '../../test/memory-states.js';
import { type BreakerEnv, breakerRulesFrom } from '../domain/breaker-rules.js';
import { MarketViews } from '../domain/market-views.js';
import { Breakers } from './breakers.js';
import { WatchOrders } from './watch-orders.js';

const eventId = EventId.of('00000000-0000-7000-8000-000000000001');
const reason = (code: string) => ({ code, text: '' });
let ending: Breakers | null = null;
afterEach(() => ending?.onApplicationShutdown());

function scene(env: Partial<BreakerEnv>) {
  const { clock, gate } = gateScene();
  const log = new RecordingLog();
  const states = new MemoryStates(clock);
  const breakers = new Breakers(states, new MemoryTrips(), new SwitchedLease(), clock, log, new Metrics('risk-gate'));
  breakers.start();
  ending = breakers;
  const market = new MarketViews();
  const both = { bidPrice: Price.of('99'), askPrice: Price.of('101') };
  market.onQuote(aQuote(both), { recordedAt: clock.now(), heardAt: clock.now() });
  const watch = new WatchOrders(market, gate, breakers, breakerRulesFrom({ ...breakerEnv, ...env }), clock, log);
  const tell = (request: OrderRequest, event: OrderEvent, { version = 1, occurredAt = clock.now() } = {}) => {
    const order = orderOf(request, { version, status: event.kind === 'rejected' ? 'rejected' : 'accepted' });
    watch.changed({ meta: createMeta(eventId, null, occurredAt, occurredAt), order, event });
  };
  const accept = (request = wish()) => tell(request, { kind: 'accepted', venueOrderId: VenueOrderId.of('1') });
  const reject = (code: string, request = wish()) => tell(request, { kind: 'rejected', reason: reason(code) });
  const fill = (request: OrderRequest, price: string, version = 1) =>
    tell(request, { kind: 'filled', fill: aFill({ price: Price.of(price) }) }, { version });
  const held = () => states.said().map(({ scope, by, ownerId }) => `${RiskScope.format(scope)} ${by} ${ownerId ?? ''}`);
  return { clock, watch, tell, accept, reject, fill, held, states };
}

describe('orders that fail', () => {
  const limits = {
    RISK_BREAKER_ACCOUNT_FAILURES_PERCENT_MAX: 50,
    RISK_BREAKER_VENUE_FAILURES_PERCENT_MAX: 75,
    RISK_BREAKER_FAILURES_ORDERS_MIN: 4,
    RISK_BREAKER_FAILURES_WINDOW_S: 60,
  };

  it('hold the account, and when there are more of them, and of another account, the venue', () => {
    const { accept, reject, tell, held, states } = scene(limits);
    accept();
    accept();
    reject('AUTH_REFUSED');
    tell(wish(), { kind: 'outcome-unknown', reason: reason('TIMEOUT') });
    expect(held()).toEqual([]);
    reject('AUTH_REFUSED');
    expect(held()).toEqual(['account:demo breaker:order-failures ']);
    expect(states.said()[0]?.text).toContain('Order failures: 3 of 5 orders within 60 s, at most 50 %');
    for (let more = 0; more < 4; more += 1) reject('AUTH_REFUSED');
    expect(held()).toHaveLength(1);
    reject('AUTH_REFUSED', wish({ accountId: AccountId.of('another') }));
    expect(held()).toContain('venue:sim breaker:order-failures ');
  });

  it('count once each, while they are of the window, and not where the market or a person has said no', () => {
    const { clock, reject, tell, held } = scene(limits);
    for (let time = 0; time < 9; time += 1) reject('WOULD_TAKE');
    const same = wish();
    for (let time = 0; time < 9; time += 1) reject('AUTH_REFUSED', same);
    reject('AUTH_REFUSED');
    reject('AUTH_REFUSED');
    clock.advance(61 * second);
    reject('AUTH_REFUSED');
    tell(
      wish(),
      { kind: 'rejected', reason: reason('AUTH_REFUSED') },
      { occurredAt: Timestamp.plus(clock.now(), -61 * second) },
    );
    expect(held()).toEqual([]);
  });

  it('hold nobody while the breaker is off', () => {
    const { reject, held } = scene({});
    for (let time = 0; time < 99; time += 1) reject('AUTH_REFUSED');
    expect(held()).toEqual([]);
  });
});

describe('fills that are worse than the market was', () => {
  const limits = { RISK_BREAKER_BOT_SLIPPAGE_BPS_MAX: 10, RISK_BREAKER_BOT_SLIPPAGE_FILLS: 3 };
  const atMarket = (changes: Partial<OrderRequest> = {}) => wish({ type: 'market', price: null, ...changes });

  it('hold their bot when the average of the last of them is too bad', () => {
    const { watch, fill, held, states } = scene(limits);
    for (const price of ['100.30', '100.05', '100.05']) {
      const order = atMarket();
      watch.approved(order);
      fill(order, price);
    }
    expect(held()).toEqual([`bot:${wish().botId} breaker:slippage ${wish().userId}`]);
    expect(states.said()[0]?.text).toContain('Slippage: 13.33 bps worse');
  });

  it('count once, better ones against worse ones, and not those of limit orders or of an order of another life', () => {
    const { watch, fill, held } = scene(limits);
    const once = atMarket();
    watch.approved(once);
    for (let time = 0; time < 9; time += 1) fill(once, '105');
    fill(once, '96', 2);
    fill(once, '99', 3);
    fill(atMarket(), '150');
    const limited = wish({ price: Price.of('150') });
    watch.approved(limited);
    fill(limited, '150');
    expect(held()).toEqual([]);
  });
});
