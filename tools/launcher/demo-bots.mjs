// The bots that a fresh instance trades with. Change the set here; everything else follows.

/** A recorded market decides by itself how far it moves, and may be short: a few ticks are always met. */
const offsetsTicks = [3, 4, 5, 6, 8];
/**
 * In a synthetic market a round trip costs 2 basis points for two resting orders: each exit earns more than that. An entry lies
 * further below the mid than its exit above the entry, so that a cycle which begins at a crest ends at the next one like it.
 */
const offsetsBps = [
  { entry: 3.5, exit: 2.8 },
  { entry: 4, exit: 3 },
  { entry: 4.5, exit: 3.2 },
  { entry: 5, exit: 3.5 },
  { entry: 6, exit: 4 },
];
/** An entry that the market ran away from is priced anew. */
const entryTimeoutSeconds = 15;
const bpsInOne = 10_000;
/** What one order is worth, in the quote currency, unless the venue wants more. */
const notional = 60;
const notionalMinTimes = 3;
/** A fee in the base asset must not take the only step that there is to sell. */
const stepsMin = 10;

/**
 * @typedef {object} Instrument a row of GET /v1/instruments
 * @property {string} symbol canonical, such as BTC-USDT
 * @property {string} tickSize decimal text, as all numbers here
 * @property {string} stepSize
 * @property {string} quantityMin
 * @property {string} notionalMin
 * @property {string | null} lastPrice
 */

/** So many steps as an exact decimal text. */
function timesStep(stepSize, count) {
  const [whole, fraction = ''] = stepSize.split('.');
  const digits = (BigInt(whole + fraction) * BigInt(count)).toString().padStart(fraction.length + 1, '0');
  const point = digits.length - fraction.length;
  const text = fraction === '' ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * A quantity that is worth about {@link notional}, on the venue's step and above its minima. A rough price is good enough to
 * choose a size by; the result is exact.
 * @param {Instrument} instrument
 */
export function demoQuantity({ stepSize, quantityMin, notionalMin, lastPrice }) {
  const step = Number(stepSize);
  const wanted = Math.max(notional, Number(notionalMin) * notionalMinTimes) / Number(lastPrice);
  return timesStep(stepSize, Math.max(stepsMin, Math.ceil(Math.max(wanted, Number(quantityMin)) / step)));
}

/** So many basis points of the price in whole ticks. */
const ticksOf = ({ tickSize, lastPrice }, bps) => Math.ceil((Number(lastPrice) * bps) / bpsInOne / Number(tickSize));

/** @returns {{entry: number, exit: number}} ticks below the mid, and above what the entry cost */
function offsetsOf(instrument, { market, index }) {
  if (market === 'recorded') {
    const ticks = offsetsTicks[index % offsetsTicks.length];
    return { entry: ticks, exit: ticks };
  }
  const { entry, exit } = offsetsBps[index % offsetsBps.length];
  return { entry: ticksOf(instrument, entry), exit: ticksOf(instrument, exit) + 1 };
}

/** Trades on the model of the repository, which knows the synthetic market as it goes at speed 1. */
function modelBot(instrument) {
  return {
    name: `demo-model-${instrument.symbol.toLowerCase()}`,
    strategy: 'model-signal',
    account: 'demo',
    venue: 'sim',
    symbol: instrument.symbol,
    mode: 'demo',
    parameters: { quantity: demoQuantity(instrument), model: 'direction' },
  };
}

/** The synthetic market comes home to where it stands at the start, and swings about ten basis points around it. */
const gridReachBps = 16;
/** Prices; 4 basis points apart, of which two resting orders cost 2. */
const gridLevels = 9;

function gridBot(instrument) {
  const { symbol, tickSize, lastPrice } = instrument;
  const at = (bps) => timesStep(tickSize, Math.floor((Number(lastPrice) * (1 + bps / bpsInOne)) / Number(tickSize)));
  const range = { lower: at(-gridReachBps), upper: at(gridReachBps), levels: gridLevels };
  return {
    name: `demo-grid-${symbol.toLowerCase()}`,
    strategy: 'grid',
    account: 'demo',
    venue: 'sim',
    symbol,
    mode: 'demo',
    parameters: { quantity: demoQuantity(instrument), ...range },
  };
}

/** Strategies over bars, with periods short enough to show a trade in the first minute. */
const overBars = [
  { strategy: 'rsi-reversion', parameters: { period: 3, buyBelow: 45, sellAbove: 55, stopPercent: 1 } },
  { strategy: 'bollinger', parameters: { period: 6, deviations: 0.8, stopPercent: 1 } },
  { strategy: 'ema-cross', parameters: { fast: 4, slow: 12 } },
];
export const barBotsMax = overBars.length;

function barBots(instruments, count) {
  return overBars.slice(0, count).map(({ strategy, parameters }, index) => {
    const instrument = instruments[index % instruments.length];
    return {
      name: `demo-${strategy}-${instrument.symbol.toLowerCase()}`,
      strategy,
      account: 'demo',
      venue: 'sim',
      symbol: instrument.symbol,
      mode: 'demo',
      // Right above the middle the demo account's own exits rest.
      parameters: { quantity: demoQuantity(instrument), timeframe: '1s', slippageBps: '1', ...parameters },
    };
  });
}

/**
 * @param {readonly Instrument[]} instruments that have a price
 * @param {{count: number, market: 'synthetic' | 'recorded', model?: boolean, bars?: number, grid?: boolean}} wanted `model`: one
 *   more, which trades on a model; `bars`: so many more that decide at the close of bars; `grid`: one more with levels around the price
 * @returns {readonly object[]} bodies for POST /v1/bots
 */
export function demoBots(instruments, { count, market, model = false, bars = 0, grid = false }) {
  return [
    ...cyclingBots(instruments, { count, market }),
    ...barBots(instruments, bars),
    // Together with a bot over bars that buys when the price falls: what the grid offers lies above that.
    ...(grid ? [gridBot(instruments[1 % instruments.length])] : []),
    ...(model ? [modelBot(instruments[0])] : []),
  ];
}

function cyclingBots(instruments, { count, market }) {
  return Array.from({ length: count }, (_, index) => {
    const instrument = instruments[index % instruments.length];
    const { entry, exit } = offsetsOf(instrument, { market, index });
    return {
      name: `demo-${index + 1}-${instrument.symbol.toLowerCase()}`,
      strategy: 'scalping-cycle',
      account: 'demo',
      venue: 'sim',
      symbol: instrument.symbol,
      mode: 'demo',
      parameters: {
        firstSide: 'buy',
        quantity: demoQuantity(instrument),
        buyPrice: { offset: `-${entry}`, unit: 'ticks', from: 'mid' },
        sellPrice: { offset: String(exit), unit: 'ticks', from: 'entry' },
        entryTimeoutSeconds,
        loop: true,
      },
    };
  });
}
