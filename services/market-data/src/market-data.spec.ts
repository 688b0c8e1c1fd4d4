import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { listening, NatsBus } from '@scalpstorm/bus';
import {
  candleChanged,
  depthChanged,
  feedStatusChanged,
  instrumentsQuestion,
  quoteChanged,
  recentCandlesQuestion,
  tradeTicked,
} from '@scalpstorm/contracts';
import { type BookDepth, type Candle, type FeedStatus, InstrumentId, type Quote, type Trade } from '@scalpstorm/model';
import { describeWithServers, eventually, uniqueNamespace } from '@scalpstorm/testkit';
import {
  type CuttableLine,
  type SimulatedExchange,
  startCuttableLine,
  startSimulatedExchange,
} from '@scalpstorm/venue-binance/testing';
import { start } from './start.js';

const patience = { timeoutMs: 60_000 };

describeWithServers('market data on a real bus, from a real exchange', (servers) => {
  const namespace = uniqueNamespace();
  const heard = {
    trades: [] as Trade[],
    quotes: [] as Quote[],
    depths: [] as BookDepth[],
    candles: [] as Candle[],
    statuses: [] as FeedStatus[],
  };
  let exchange: SimulatedExchange;
  let line: CuttableLine;
  let busLine: CuttableLine;
  let listener: NatsBus;
  let strategy: NatsBus;
  let service: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    exchange = await startSimulatedExchange(['--symbols', 'BTC-USDT,ETH-USDT']);
    line = await startCuttableLine(exchange.addresses);
    const url = servers.natsUrl;
    busLine = await startCuttableLine({ rest: url.replace('nats:', 'http:'), spotWs: '', wsApi: '' });
    const password = (speaker: string): string => servers.natsPasswords[speaker] ?? '';
    const open = (speaker: 'gateway' | 'strategy') =>
      NatsBus.open({ url, user: speaker, password: password(speaker), namespace, speaker, answerMsMax: 20_000 });
    listener = await open('gateway');
    strategy = await open('strategy');
    await listener.receiver.receive({
      hears: [],
      answers: [],
      listens: [
        listening(tradeTicked, ({ trade }) => void heard.trades.push(trade)),
        listening(quoteChanged, ({ quote }) => void heard.quotes.push(quote)),
        listening(depthChanged, ({ depth }) => void heard.depths.push(depth)),
        listening(candleChanged, ({ candle }) => void heard.candles.push(candle)),
        listening(feedStatusChanged, ({ status }) => void heard.statuses.push(status)),
      ],
    });
    const { rest, spotWs, wsApi } = line.addresses;
    service = await start(
      {
        SCALPSTORM_NAMESPACE: namespace,
        NATS_URL: busLine.addresses.rest.replace('http:', 'nats:'),
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
      },
      { ownsProcess: false },
    );
  });

  afterAll(async () => {
    await service.close();
    await strategy.close();
    await listener.close();
    await busLine.close();
    await line.close();
    await exchange.stop();
  });

  const live = () => eventually(() => expect(heard.statuses.at(-1)?.state).toBe('live'), patience);
  const ready = async () => (await fetch(`${service.url}/health/ready`)).status;

  it('tells trades, quotes, depth and candles of the instruments that were named, and of no others', async () => {
    await live();
    await eventually(() => {
      expect(heard.trades.length).toBeGreaterThan(5);
      expect(heard.quotes.length).toBeGreaterThan(5);
      expect(heard.depths.length).toBeGreaterThan(5);
      expect(new Set(heard.candles.map(({ timeframe }) => timeframe)).size).toBe(7);
    }, patience);
    const all = [...heard.trades, ...heard.quotes, ...heard.depths, ...heard.candles, ...heard.statuses];
    expect(new Set(all.map(({ instrumentId }) => instrumentId))).toEqual(new Set(['sim:BTC-USDT']));
    expect(heard.depths.every(({ bids, asks }) => bids.length <= 20 && asks.length <= 20)).toBe(true);
    await eventually(async () => expect(await ready()).toBe(200), patience);
  });

  it('builds the same closed candles as the exchange', async () => {
    const closed = () => heard.candles.filter((candle) => candle.closed && candle.timeframe === '1s');
    await eventually(() => expect(closed().length).toBeGreaterThan(4), patience);
    await eventually(async () => {
      const newest = closed().at(-2);
      const startTime = (newest?.openedAt ?? 0) / 1_000;
      const query = `symbol=BTCUSDT&interval=1s&limit=1&startTime=${startTime}`;
      const rows = (await (await fetch(`${exchange.addresses.rest}/api/v3/klines?${query}`)).json()) as unknown[][];
      expect([rows[0]?.[0], rows[0]?.[8]]).toEqual([startTime, newest?.trades]);
    }, patience);
  });

  it('answers which closed candles it keeps, and none of what it does not follow', async () => {
    const closed = () => heard.candles.filter((candle) => candle.closed && candle.timeframe === '1s');
    await eventually(() => expect(closed().length).toBeGreaterThan(2), patience);
    const ask = (symbol: string) =>
      strategy.bus.ask(
        recentCandlesQuestion,
        { instrumentId: InstrumentId.of('sim', symbol), timeframe: '1s' },
        10_000,
      );
    const candles = await eventually(async () => {
      const told = closed().at(-1);
      const answer = await ask('BTC-USDT');
      expect(answer.candles.map(({ openedAt }) => openedAt)).toContain(told?.openedAt);
      return answer.candles;
    }, patience);
    const opened = candles.map(({ openedAt }) => openedAt as number);
    expect(opened).toEqual(opened.toSorted((left, right) => left - right));
    expect(candles.every(({ closed, timeframe }) => closed && timeframe === '1s')).toBe(true);
    expect(await ask('ETH-USDT')).toEqual({ candles: [] });
  });

  it('answers which instruments there are, with the filters of the venue and the last price', async () => {
    const reply = await listener.bus.ask(instrumentsQuestion, { instrumentId: null });
    expect(reply.instruments).toMatchObject([{ id: 'sim:BTC-USDT', base: 'BTC', quote: 'USDT', status: 'trading' }]);
    expect(reply.lastPrices).toMatchObject([{ instrumentId: 'sim:BTC-USDT' }]);
    const [stored] = reply.instruments;
    expect(stored?.tickSize).toBeGreaterThan(0n);
  });

  it('says that the line was cut, recovers by itself, and leaves no hole in the candles', async () => {
    await live();
    heard.statuses.length = 0;
    line.cut();
    await eventually(() => expect(heard.statuses.map(({ state }) => state)).toContain('disconnected'), patience);
    await live();
    const trades = heard.trades.length;
    await eventually(() => expect(heard.trades.length).toBeGreaterThan(trades), patience);
    const opened = () =>
      new Set(
        heard.candles.filter(({ closed, timeframe }) => closed && timeframe === '1s').map(({ openedAt }) => openedAt),
      );
    const before = Math.max(...opened());
    await eventually(() => {
      const last = Math.max(...opened());
      expect(last).toBeGreaterThan(before + 1_000_000);
      for (let time = before; time <= last; time += 1_000_000) expect(opened()).toContain(time);
    }, patience);
  });

  it('tells how far the clock of the venue is ahead, on the status and as a metric, and is well while it agrees', async () => {
    await live();
    // Half of a round trip is the error, and a loaded machine makes it long.
    expect(Math.abs(heard.statuses.at(-1)?.clockOffset ?? Number.NaN)).toBeLessThan(10_000_000);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toMatch(/scalpstorm_market_clock_offset_seconds\{[^}]*venue="sim"[^}]*\} -?[\d.e-]+/);
    expect(text).toMatch(/scalpstorm_market_stream_staleness_seconds\{[^}]*stream="depth"[^}]*\} [\d.e-]+/);
    const health = (await (await fetch(`${service.url}/health/ready`)).json()) as { checks: Record<string, object> };
    expect(health.checks['clock']).toMatchObject({ critical: false });
  });

  it('goes on by itself after the bus was cut, and tells the closed candles that nobody heard', async () => {
    await live();
    const closed = () => heard.candles.filter((candle) => candle.closed && candle.timeframe === '1s');
    await eventually(() => expect(closed().length).toBeGreaterThan(0), patience);
    busLine.cut();
    heard.statuses.length = 0;
    const before = Math.max(...closed().map(({ openedAt }) => openedAt));
    await live();
    await eventually(() => {
      const opened = new Set(closed().map(({ openedAt }) => openedAt as number));
      expect(opened).toContain(before + 3_000_000);
      for (let time = before; time <= before + 3_000_000; time += 1_000_000) expect(opened).toContain(time);
    }, patience);
    await eventually(async () => expect(await ready()).toBe(200), patience);
  });

  it('goes on by itself after the exchange was killed and began anew with other counters', async () => {
    await live();
    await exchange.stop();
    await eventually(() => expect(heard.statuses.at(-1)?.state).toBe('disconnected'), patience);
    exchange = await startSimulatedExchange(['--symbols', 'BTC-USDT,ETH-USDT', '--seed', '2']);
    line.leadTo(exchange.addresses);
    heard.trades.length = 0;
    heard.depths.length = 0;
    await live();
    await eventually(() => {
      expect(heard.trades.length).toBeGreaterThan(5);
      expect(heard.depths.length).toBeGreaterThan(5);
    }, patience);
    const { depths } = heard;
    expect(depths.every(({ sequence }, index) => index === 0 || sequence >= (depths[index - 1]?.sequence ?? 0))).toBe(
      true,
    );
    await eventually(async () => expect(await ready()).toBe(200), patience);
  });
});
