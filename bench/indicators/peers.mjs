// Other libraries for the same, each fed as it wants to be: lists, or one bar after the other. Who is not installed is left out, and said.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** @returns {{ name: string, batch: object, stream: object }[]} runs by indicator; a stream is made anew for each run */
export async function openPeers(market, say) {
  const open = [
    ['trading-signals', async () => tradingSignals(await import('trading-signals'), market)],
    ['indicatorts', async () => indicatorTs(require('indicatorts'), market)],
    ['technicalindicators', async () => technicalIndicators(require('technicalindicators'), market)],
    ['fast-technical-indicators', async () => technicalIndicators(require('fast-technical-indicators'), market)],
  ];
  const peers = [];
  for (const [name, make] of open) {
    try {
      peers.push({ name, ...(await make()) });
    } catch (error) {
      say(`${name} is left out: ${error.message.split('\n')[0]}`);
    }
  }
  return peers;
}

function tradingSignals(library, { lists: { close }, bars }) {
  const { SMA, EMA, WMA, RSI, MACD, ATR, BollingerBands, StochasticOscillator, CCI, OBV } = library;
  const each = (rows, make) => () => {
    const indicator = make();
    for (let row = 0; row < rows.length; row += 1) indicator.add(rows[row]);
  };
  const stream = {
    sma: each(close, () => new SMA(20)),
    ema: each(close, () => new EMA(20)),
    wma: each(close, () => new WMA(20)),
    rsi: each(close, () => new RSI(14)),
    macd: each(close, () => new MACD(new EMA(12), new EMA(26), new EMA(9))),
    atr: each(bars, () => new ATR(14)),
    bollinger: each(close, () => new BollingerBands(20, 2)),
    stochastic: each(bars, () => new StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 })),
    cci: each(bars, () => new CCI(20)),
    obv: each(bars, () => new OBV(2)),
  };
  return { batch: {}, stream };
}

function indicatorTs(library, { lists: { high, low, close, volume } }) {
  const batch = {
    sma: () => library.sma(close, { period: 20 }),
    ema: () => library.ema(close, { period: 20 }),
    rsi: () => library.rsi(close, { period: 14 }),
    macd: () => library.macd(close, { fast: 12, slow: 26, signal: 9 }),
    atr: () => library.atr(high, low, close, { period: 14 }),
    bollinger: () => library.bb(close, { period: 20 }),
    stochastic: () => library.stoch(high, low, close, { kPeriod: 14, dPeriod: 3 }),
    cci: () => library.cci(high, low, close, { period: 20 }),
    obv: () => library.obv(close, volume),
  };
  return { batch, stream: {} };
}

/** Both libraries have the same door. */
function technicalIndicators(library, { lists, bars }) {
  const { high, low, close, volume } = lists;
  const macd = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, SimpleMAOscillator: false, SimpleMASignal: false };
  const batch = {
    sma: () => library.sma({ period: 20, values: close }),
    ema: () => library.ema({ period: 20, values: close }),
    wma: () => library.wma({ period: 20, values: close }),
    rsi: () => library.rsi({ period: 14, values: close }),
    macd: () => library.macd({ ...macd, values: close }),
    atr: () => library.atr({ period: 14, high, low, close }),
    bollinger: () => library.bollingerbands({ period: 20, stdDev: 2, values: close }),
    stochastic: () => library.stochastic({ period: 14, signalPeriod: 3, high, low, close }),
    cci: () => library.cci({ period: 20, high, low, close }),
    obv: () => library.obv({ close, volume }),
  };
  const each = (rows, make) => () => {
    const indicator = make();
    for (let row = 0; row < rows.length; row += 1) indicator.nextValue(rows[row]);
  };
  const none = { high: [], low: [], close: [], volume: [] };
  const stream = {
    sma: each(close, () => new library.SMA({ period: 20, values: [] })),
    ema: each(close, () => new library.EMA({ period: 20, values: [] })),
    wma: each(close, () => new library.WMA({ period: 20, values: [] })),
    rsi: each(close, () => new library.RSI({ period: 14, values: [] })),
    macd: each(close, () => new library.MACD({ ...macd, values: [] })),
    atr: each(bars, () => new library.ATR({ period: 14, ...none })),
    bollinger: each(close, () => new library.BollingerBands({ period: 20, stdDev: 2, values: [] })),
    stochastic: each(bars, () => new library.Stochastic({ period: 14, signalPeriod: 3, ...none })),
    cci: each(bars, () => new library.CCI({ period: 20, ...none })),
    obv: each(bars, () => new library.OBV({ ...none })),
  };
  return { batch, stream };
}
