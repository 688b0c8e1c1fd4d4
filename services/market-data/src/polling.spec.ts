import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listening, NatsBus } from '@scalpstorm/bus';
import { candleChanged, feedStatusChanged, quoteChanged, tradeTicked } from '@scalpstorm/contracts';
import type { Candle, FeedStatus, Quote, Trade } from '@scalpstorm/model';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import { type SimulatedExchange, startSimulatedExchange } from '@scalpstorm/venue-binance/testing';
import { start } from './start.js';

/** Of one wait, and of a test that is many waits: a loaded machine takes its time, and only a failure takes all of it. */
const patience = { timeoutMs: 120_000, everyMs: 50 };
const testTimeoutMs = 900_000;

describeWithServers('market data of an exchange that refuses its sockets and answers questions', (servers) => {
  const namespace = uniqueNamespace();
  const heard = { trades: [] as Trade[], quotes: [] as Quote[], candles: [] as Candle[], statuses: [] as FeedStatus[] };
  let exchange: SimulatedExchange;
  let listener: NatsBus;
  let service: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    exchange = await startSimulatedExchange(['--symbols', 'BTC-USDT,ETH-USDT']);
    const password = (speaker: string): string => servers.natsPasswords[speaker] ?? '';
    const url = servers.natsUrl;
    const speaker = 'gateway';
    listener = await NatsBus.open({
      url,
      user: speaker,
      password: password(speaker),
      namespace,
      speaker,
      answerMsMax: 20_000,
    });
    await listener.receiver.receive({
      hears: [],
      answers: [],
      listens: [
        listening(tradeTicked, ({ trade }) => void heard.trades.push(trade)),
        listening(quoteChanged, ({ quote }) => void heard.quotes.push(quote)),
        listening(candleChanged, ({ candle }) => void heard.candles.push(candle)),
        listening(feedStatusChanged, ({ status }) => void heard.statuses.push(status)),
      ],
    });
    const { rest, spotWs, wsApi } = exchange.addresses;
    service = await start(
      {
        SCALPSTORM_NAMESPACE: namespace,
        NATS_URL: url,
        NATS_USER: 'market-data',
        NATS_PASSWORD: password('market-data'),
        NATS_ANSWER_MS_MAX: '20000',
        POSTGRES_URL: servers.postgresUrl,
        REDIS_URL: servers.redisUrl,
        LOG_LEVEL: 'fatal',
        SIM_REST_URL: rest,
        SIM_SPOT_WS_URL: spotWs,
        SIM_WS_API_URL: wsApi,
        MARKET_SYMBOLS: 'sim:BTC-USDT',
        MARKET_POLL_AFTER: '1s',
        MARKET_POLL_EVERY: '500ms',
        // A loaded machine answers late; what is proved here is where prices come from.
        MARKET_STALE_AFTER: '30s',
      },
      { ownsProcess: false },
    );
  }, testTimeoutMs);

  afterAll(async () => {
    await service.close();
    await listener.close();
    await exchange.stop();
  });

  const newest = () => heard.statuses.at(-1);
  const faults = async (method: 'DELETE'): Promise<void> =>
    void (await fetch(`${exchange.addresses.rest}/sim/faults`, { method }));
  const streams = () =>
    eventually(() => {
      expect(newest()?.state).toBe('live');
      expect(newest()?.detail).not.toContain('polling');
    }, patience);
  const polls = () =>
    eventually(() => {
      expect(newest()?.state).toBe('live');
      expect(newest()?.detail).toContain('polling');
    }, patience);
  const goesOn = async (): Promise<void> => {
    const { trades, quotes } = heard;
    const before = [trades.length, quotes.length, quotes.at(-1)?.occurredAt ?? 0] as const;
    await eventually(() => {
      expect(trades.length).toBeGreaterThan(before[0] + 1);
      expect(quotes.length).toBeGreaterThan(before[1] + 1);
      expect(quotes.at(-1)?.occurredAt).toBeGreaterThan(before[2]);
    }, patience);
  };

  it.each([
    ['cuts every socket', { kind: 'cut-socket', durationMs: 600_000 }],
    ['keeps its sockets silent', { kind: 'silent-socket' }],
  ])(
    'goes on by asking while the exchange %s, and streams again afterwards',
    async (_, fault) => {
      await streams();
      await exchange.fault(fault);
      await polls();
      await goesOn();
      // An answer that is late takes the feed back for a moment.
      await eventually(async () => expect((await fetch(`${service.url}/health/ready`)).status).toBe(200), patience);
      await faults('DELETE');
      await streams();
      await goesOn();
    },
    testTimeoutMs,
  );

  it(
    'told no trade twice and none out of order, and closed the candles as the exchange has them',
    async () => {
      await streams();
      // Not without a hole: a trade that is found missing goes into the candles, and is not told as news.
      const ids = heard.trades.map(({ tradeId }) => Number(tradeId));
      expect(ids).toEqual([...new Set(ids)].sort((left, right) => left - right));
      const closed = new Map<number, Candle>();
      // The exchange is loaded by the question, too: not many times a second.
      const unhurried = { ...patience, everyMs: 500 };
      await eventually(async () => {
        for (const candle of heard.candles)
          if (candle.closed && candle.timeframe === '1s') closed.set(candle.openedAt / 1_000, candle);
        // All but the very last: those may still be corrected by a trade that is under way.
        const told = [...closed].sort(([left], [right]) => left - right).slice(-500, -2);
        const query = `symbol=BTCUSDT&interval=1s&limit=1000&startTime=${told[0]?.[0]}`;
        const rows = (await (await fetch(`${exchange.addresses.rest}/api/v3/klines?${query}`)).json()) as unknown[][];
        const theirs = new Map(rows.map((row) => [row[0], row[8]]));
        expect(told.length).toBeGreaterThan(5);
        expect(told.map(([at, { trades }]) => [at, trades])).toEqual(told.map(([at]) => [at, theirs.get(at)]));
      }, unhurried);
    },
    testTimeoutMs,
  );
});
