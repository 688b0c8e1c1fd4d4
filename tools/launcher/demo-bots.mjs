// The bots that a fresh instance trades with. Change the set here; everything else follows.

const offsets = [3, 4, 5, 6, 8];

/**
 * @param {readonly string[]} symbols canonical, such as BTC-USDT
 * @param {number} count
 * @returns {readonly object[]} bodies for POST /v1/bots
 */
export function demoBots(symbols, count) {
  return Array.from({ length: count }, (_, index) => {
    const symbol = symbols[index % symbols.length];
    const ticks = offsets[index % offsets.length];
    return {
      name: `Demo ${index + 1}: ${symbol}`,
      strategy: 'scalping-cycle',
      account: 'demo',
      venue: 'sim',
      symbol,
      mode: 'demo',
      parameters: {
        firstSide: 'buy',
        quantity: quantities[symbol] ?? defaultQuantity,
        buyPrice: { offset: `-${ticks}`, unit: 'ticks', from: 'mid' },
        sellPrice: { offset: String(ticks), unit: 'ticks', from: 'entry' },
        loop: true,
      },
    };
  });
}

const quantities = { 'BTC-USDT': '0.001', 'ETH-USDT': '0.01' };
const defaultQuantity = '0.001';
