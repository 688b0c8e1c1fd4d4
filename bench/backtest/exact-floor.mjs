// The floor of the exact way: the same fills, fees and money to the last digit, in one loop by hand over the bytes of the file. Digits are read
// as whole numbers; averages are plain numbers, as those of the rule; money is whole 10⁻¹¹ of the quote asset, so that nothing is rounded.
// It holds nothing against anything: no gate, no book, no order that could be denied, and no limit.

/** Hundredths and hundred-thousandths: the places of the file. */
const [ticks, lots] = [100, 100_000];
/** 10⁻¹¹ in a tick × lot, and in a whole. */
const [perTickLot, unit] = [10_000n, 10n ** 11n];
const [comma, point, newline, zero] = [44, 46, 10, 48];

/**
 * @param text columns time, open, high, low, close, volume, each with as many places in every row
 * @param feeBps a whole number
 * @returns fills as bar, side (1 buys) and price in ticks; money in 10⁻¹¹ of the quote asset
 */
export function exactFloor(text, { fast, slow, quantity, cash: start, feeBps }) {
  const held = Math.round(quantity * lots);
  const [fastAlpha, slowAlpha, warmUp] = [2 / (fast + 1), 2 / (slow + 1), Math.max(fast, slow)];
  const row = [0, 0, 0, 0, 0, 0];
  const fills = [];
  const equity = [];
  let [cash, totalFees, isLong, wish, quick, calm] = [BigInt(start) * unit, 0n, false, 0, 0, 0];
  let at = text.indexOf(newline) + 1;
  for (let bar = 0; at < text.length; bar += 1) {
    at = readRow(text, at, row);
    const [, open, , , close] = row;
    if (wish !== 0) {
      const value = BigInt(open * held) * perTickLot;
      const fee = (value * BigInt(feeBps)) / 10_000n;
      cash -= BigInt(wish) * value + fee;
      totalFees += fee;
      isLong = wish > 0;
      fills.push([bar, wish, open]);
      wish = 0;
    }
    const price = close / ticks;
    quick = bar === 0 ? price : quick + fastAlpha * (price - quick);
    calm = bar === 0 ? price : calm + slowAlpha * (price - calm);
    if (bar >= warmUp) {
      if (quick > calm && !isLong) wish = 1;
      else if (quick < calm && isLong) wish = -1;
    }
    equity.push(cash + (isLong ? BigInt(close * held) * perTickLot : 0n));
  }
  return { fills, equity, totalFees };
}

/** Gives back where the next row begins. */
function readRow(text, from, row) {
  let [at, column, number] = [from, 0, 0];
  for (; at < text.length && text[at] !== newline; at += 1) {
    const byte = text[at];
    if (byte === comma) {
      row[column] = number;
      column += 1;
      number = 0;
    } else if (byte !== point) number = 10 * number + byte - zero;
  }
  row[column] = number;
  return at + 1;
}
