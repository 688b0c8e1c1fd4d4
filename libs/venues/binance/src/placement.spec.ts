import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { Price, Quantity, VenueOrderId } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { BinanceMarketFeed } from './binance-market-feed.js';
import type { VenueNotice } from './options.js';
import {
  anOrder,
  credentials,
  hasty,
  impatient,
  instrumentId,
  inTime,
  patience,
  placed,
} from './testing/scripted-parts.js';
import { type ScriptedAnswer, ScriptedVenue } from './testing/scripted-venue.js';

const place = 'POST /api/v3/order';
const cancel = 'DELETE /api/v3/order';
const html = '<html><body>Bad Gateway</body></html>';
const refused = (status: number, code: number, msg: string, headers: Record<string, string> = {}): ScriptedAnswer => ({
  status,
  body: { code, msg },
  headers,
});

describe('an order on real sockets', () => {
  let scripted: ScriptedVenue;
  let execution: BinanceExecutionVenue;
  let notices: VenueNotice[];

  beforeEach(async () => {
    notices = [];
    scripted = await ScriptedVenue.start();
    execution = await BinanceExecutionVenue.create(impatient(scripted, notices), credentials);
  });
  afterEach(async () => {
    await execution.close();
    await scripted.stop();
  });

  const doubts: readonly [string, ScriptedAnswer, string][] = [
    ['a gateway error in HTML', { status: 502, body: html }, 'VENUE_FAILURE'],
    ['an empty server error', { status: 500, body: '' }, 'VENUE_FAILURE'],
    ['the venue’s own "status unknown"', refused(503, -1006, 'An unexpected response was received.'), 'VENUE_FAILURE'],
    ['success with HTML', { status: 200, body: html }, 'UNREADABLE_ANSWER'],
    ['success with nothing', { status: 200, body: '' }, 'UNREADABLE_ANSWER'],
    ['success about another order', { status: 200, body: { orderId: 1, clientOrderId: 'other' } }, 'UNREADABLE_ANSWER'],
    ['a bad request in HTML', { status: 400, body: html }, 'UNREADABLE_ANSWER'],
    ['an answer that is cut in the middle', 'cut-in-the-body', 'CONNECTION_LOST'],
    ['a connection that ends', 'reset', 'CONNECTION_LOST'],
    ['an id that is there already', refused(400, -2010, 'Duplicate order sent.'), 'DUPLICATE_CLIENT_ORDER_ID'],
  ];
  it.each(doubts)('is unknown after %s, and was sent exactly once', async (_, answer, code) => {
    scripted.on(place, answer);
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'unknown', code });
    expect(scripted.count(place)).toBe(1);
  });

  it('is unknown after no answer at all, and was sent exactly once', async () => {
    scripted.on(place, 'hang');
    const waiting = await BinanceExecutionVenue.create(impatient(scripted, notices, hasty), credentials);
    expect(await waiting.place(anOrder(), inTime())).toMatchObject({ kind: 'unknown', code: 'TIMEOUT' });
    expect(scripted.count(place)).toBe(1);
    await waiting.close();
  });

  it('goes out with exact texts, our id and a window that ends at its expiry', async () => {
    scripted.on(place, (params) => placed(params));
    const request = anOrder({ price: Price.of('60000.1'), quantity: Quantity.of('0.00123') });
    const { expiresAt } = inTime();
    expect((await execution.place(request, { expiresAt })).kind).toBe('accepted');
    const [sent] = scripted.requests.filter(({ name }) => name === place);
    expect(sent?.params).toMatchObject({
      price: '60000.1',
      quantity: '0.00123',
      newClientOrderId: request.clientOrderId,
    });
    const window = Number(sent?.params['timestamp']) + Number(sent?.params['recvWindow']);
    expect(window).toBeLessThanOrEqual(expiresAt / 1_000);
  });

  it('keeps an order id exactly that no floating number can hold', async () => {
    const big = '9007199254740993';
    scripted.on(place, (params) => {
      const { body } = placed(params);
      return { status: 200, body: JSON.stringify(body).replace(/"orderId":\d+/, `"orderId":${big}`) };
    });
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'accepted', venueOrderId: big });
  });

  it('that breaks a rule of the venue does not leave, and the rule is named', async () => {
    await expect(execution.open(silentListener)).resolves.toBeUndefined();
    const outcome = await execution.place(anOrder({ price: Price.of('60000.005') }), inTime());
    expect(outcome).toMatchObject({
      kind: 'rejected',
      code: 'FILTER_FAILURE',
      retryable: false,
      filter: { code: 'PRICE_OFF_TICK', field: 'price', limit: '0.01' },
    });
    expect(scripted.count(place)).toBe(0);
  });

  it('is refused for a wrong time once, and the next one carries the right time', async () => {
    scripted.clockAheadMs = 60_000;
    scripted.on(place, (params) =>
      Math.abs(Number(params['timestamp']) - Date.now() - scripted.clockAheadMs) < 5_000
        ? placed(params)
        : refused(400, -1021, 'Timestamp for this request is outside of the recvWindow.'),
    );
    const early = await execution.place(anOrder(), inTime());
    expect(early).toMatchObject({ kind: 'rejected', code: 'CLOCK_SKEW', retryable: true });
    await eventually(() => expect(notices.map(({ code }) => code)).toContain('CLOCK_SKEW'), patience);
    expect(execution.clockOffset?.offset).toBeGreaterThan(59 * second);
    const later = { expiresAt: Timestamp.plus(execution.venueTime(), 5 * second) };
    expect((await execution.place(anOrder(), later)).kind).toBe('accepted');
    expect(scripted.count(place)).toBe(2);
  });

  it('asks a question with a wrong time again, once, with the right one', async () => {
    scripted.clockAheadMs = -60_000;
    scripted.on('GET /api/v3/account', (params) =>
      Math.abs(Number(params['timestamp']) - Date.now() - scripted.clockAheadMs) < 5_000
        ? { status: 200, body: { balances: [] } }
        : refused(400, -1021, 'Timestamp for this request was 1000ms ahead of the server’s time.'),
    );
    expect(await execution.balances()).toEqual([]);
    expect(scripted.count('GET /api/v3/account')).toBe(2);
  });

  it('is held back after "too many requests", for all our clients of the address, as long as the venue says', async () => {
    scripted.on(place, refused(429, -1003, 'Too many requests.', { 'Retry-After': '30' }));
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'rejected', code: 'RATE_LIMITED' });
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'rejected', code: 'RATE_LIMITED' });
    expect(scripted.count(place)).toBe(1);
    const feed = await BinanceMarketFeed.create(impatient(scripted, notices));
    await expect(feed.instruments()).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
    expect(scripted.count('GET /api/v3/exchangeInfo')).toBe(0);
    await feed.close();
  });

  it('is held back until the end of a ban that only the words name', async () => {
    const until = Date.now() + 3_600_000;
    scripted.on(place, refused(418, -1003, `Way too many requests; IP banned until ${until}.`));
    await execution.place(anOrder(), inTime());
    expect(await execution.cancel({ instrumentId, clientOrderId: anOrder().clientOrderId })).toMatchObject({
      kind: 'rejected',
      code: 'RATE_LIMITED',
    });
    expect(scripted.count(cancel)).toBe(0);
  });

  it('is held back after a firewall’s page, and so is everything else of the address', async () => {
    scripted.on(place, { status: 403, body: '<html>Request blocked</html>' });
    scripted.on(cancel, refused(400, -2011, 'Unknown order sent.'));
    expect(await execution.place(anOrder(), inTime())).toMatchObject({ kind: 'rejected', code: 'RATE_LIMITED' });
    const canceled = await execution.cancel({ instrumentId, clientOrderId: anOrder().clientOrderId });
    expect(canceled).toMatchObject({ kind: 'rejected', code: 'RATE_LIMITED' });
    await expect(execution.balances()).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
    expect([place, cancel, 'GET /api/v3/account'].map((name) => scripted.count(name))).toEqual([1, 0, 0]);
    expect(notices).toContainEqual({ code: 'RATE_LIMITED', text: expect.stringContaining('nothing is asked for 5 s') });
  });

  it('is not held back by a 403 in the venue’s own words', async () => {
    scripted.on(place, refused(403, -2015, 'Invalid API-key, IP, or permissions for action.'));
    await execution.place(anOrder(), inTime());
    await execution.place(anOrder(), inTime());
    expect(scripted.count(place)).toBe(2);
  });

  it('is held back after "too many orders", but a cancel is not', async () => {
    scripted.on(place, refused(400, -1015, 'Too many new orders.'));
    scripted.on(cancel, refused(400, -2011, 'Unknown order sent.'));
    await execution.place(anOrder(), inTime());
    await execution.place(anOrder(), inTime());
    expect(scripted.count(place)).toBe(1);
    expect(await execution.cancel({ instrumentId, clientOrderId: anOrder().clientOrderId })).toEqual({
      kind: 'not-found',
    });
  });

  it('passes when the venue counts so much that questions have to wait', async () => {
    await execution.open(silentListener);
    scripted.on(place, (params) => ({ ...placed(params), headers: { 'X-MBX-USED-WEIGHT-1M': '4000' } }));
    scripted.on('GET /api/v3/account/commission', { status: 200, body: {} });
    await execution.place(anOrder(), inTime());
    await expect(execution.feeRates(instrumentId)).rejects.toMatchObject({ code: 'VENUE_RATE_LIMITED' });
    expect(scripted.count('GET /api/v3/account/commission')).toBe(0);
    expect((await execution.place(anOrder(), inTime())).kind).toBe('accepted');
  });

  it('that a fill was faster than the cancel of is not called canceled', async () => {
    scripted.on(cancel, (params) =>
      placed({ newClientOrderId: params['origClientOrderId'] ?? '' }, { status: 'FILLED' }),
    );
    expect(await execution.cancel({ instrumentId, clientOrderId: anOrder().clientOrderId })).toMatchObject({
      kind: 'unknown',
    });
    scripted.on(cancel, refused(400, -2011, 'Unknown order sent.'));
    expect(await execution.cancel({ instrumentId, clientOrderId: anOrder().clientOrderId })).toEqual({
      kind: 'not-found',
    });
  });

  it('is found by the id of the venue when somebody gave it another client id there', async () => {
    const { clientOrderId } = anOrder();
    scripted.on('GET /api/v3/order', (params) =>
      params['orderId'] === undefined
        ? refused(400, -2013, 'Order does not exist.')
        : placed({ newClientOrderId: 'amendedByHand' }, { orderId: Number(params['orderId']) }),
    );
    expect(await execution.lookup(clientOrderId, instrumentId)).toBe('not-found');
    expect(await execution.lookup(clientOrderId, instrumentId, VenueOrderId.of('42'))).toMatchObject({
      clientOrderId: 'amendedByHand',
      venueOrderId: '42',
    });
  });

  it('is not found only when the venue says so; an error page says nothing', async () => {
    const { clientOrderId } = anOrder();
    scripted.on('GET /api/v3/order', refused(400, -2013, 'Order does not exist.'));
    expect(await execution.lookup(clientOrderId, instrumentId)).toBe('not-found');
    for (const answer of [
      { status: 404, body: html },
      { status: 502, body: html },
      { status: 200, body: html },
      'reset',
    ] as const) {
      scripted.on('GET /api/v3/order', answer);
      await expect(execution.lookup(clientOrderId, instrumentId)).rejects.toMatchObject({
        code: expect.stringMatching(/^VENUE_/),
      });
    }
    scripted.on('GET /api/v3/order', 'hang');
    const waiting = await BinanceExecutionVenue.create(impatient(scripted, notices, hasty), credentials);
    await expect(waiting.lookup(clientOrderId, instrumentId)).rejects.toMatchObject({ code: 'VENUE_TIMEOUT' });
    await waiting.close();
  });

  it('names neither key nor signature when a question fails', async () => {
    scripted.on('GET /api/v3/account', 'reset');
    const error = await execution.balances().catch((cause: unknown) => cause as Error);
    expect(String(error)).not.toMatch(/signature|apiKey|secret/i);
  });
});

const silentListener = {
  onOrderReport: () => undefined,
  onFill: () => undefined,
  onBalances: () => undefined,
  onDisconnected: () => undefined,
  onReconnected: () => undefined,
};
