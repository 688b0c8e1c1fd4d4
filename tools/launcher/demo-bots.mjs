// The bots that a fresh instance trades with. Change the set here; everything else follows.

const offsetsTicks = [3, 4, 5, 6, 8];
/** What one order is worth, in the quote currency, unless the venue wants more. */
const notional = 60;
const notionalMinTimes = 3;
/** A fee in the base asset must not take the only step that there is to sell. */
const stepsMin = 10;

/**
 * @typedef {object} Instrument a row of GET /v1/instruments
 * @property {string} symbol canonical, such as BTC-USDT
 * @property {string} stepSize decimal text, as all numbers here
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

/**
 * @param {readonly Instrument[]} instruments that have a price
 * @param {number} count
 * @returns {readonly object[]} bodies for POST /v1/bots
 */
export function demoBots(instruments, count) {
  return Array.from({ length: count }, (_, index) => {
    const instrument = instruments[index % instruments.length];
    const ticks = offsetsTicks[index % offsetsTicks.length];
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
        buyPrice: { offset: `-${ticks}`, unit: 'ticks', from: 'mid' },
        sellPrice: { offset: String(ticks), unit: 'ticks', from: 'entry' },
        loop: true,
      },
    };
  });
}
