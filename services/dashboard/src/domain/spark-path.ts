const [width, height, margin] = [100, 32, 2];
const pointsMax = 120;

/** An SVG path of a course of prices in a box of 100 × 32. A picture is the one place where a price may become a float. */
export function sparkPath(texts: readonly string[]): string {
  const values = texts.slice(-pointsMax).map(Number).filter(Number.isFinite);
  if (values.length < 2) return '';
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  return values
    .map((value, index) => {
      const x = (index * width) / (values.length - 1);
      const y = high === low ? height / 2 : margin + ((high - value) / span) * (height - 2 * margin);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(2)},${y.toFixed(2)}`;
    })
    .join(' ');
}
