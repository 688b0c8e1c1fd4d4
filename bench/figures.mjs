// How every bench tells its figures: value, spread over the parts of the run, the floor of the same run, and their ratio.
import { availableParallelism, cpus, totalmem } from 'node:os';

const parts = 5;

export function machine() {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, ${gibibytes} GiB, Node ${process.version}`;
}

export function quantile(samples, q) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** p50 and p99 of the samples beside those of the floor; `ratio` > 1: so many times slower than the floor. */
export function samplesToFigures({ name, unit, samples, floor, floorName }) {
  return [
    [50, 0.5],
    [99, 0.99],
  ].map(([percent, q]) => {
    const value = quantile(samples, q);
    const floorValue = quantile(floor, q);
    return {
      name: `${name}-p${percent}`,
      unit,
      value: round(value),
      spread: spreadOf(samples, q).map(round),
      floor: { name: floorName, value: round(floorValue) },
      ratio: round(value / floorValue),
      rounds: samples.length,
    };
  });
}

/** The smallest and the largest value that a fifth of the run alone would have given. */
function spreadOf(samples, q) {
  const size = Math.ceil(samples.length / parts);
  const values = Array.from({ length: parts }, (_, index) => samples.slice(index * size, (index + 1) * size))
    .filter((part) => part.length > 0)
    .map((part) => quantile(part, q));
  return [Math.min(...values), Math.max(...values)];
}

const round = (value) => Number(value.toPrecision(4));

export function report({ json, machine: where, figures }) {
  for (const { name, value, unit, spread, floor, ratio, rounds } of figures) {
    process.stderr.write(
      `${name}: ${value} ${unit} (${spread[0]}..${spread[1]}), floor ${floor.value} ${unit} (${floor.name}), ratio ${ratio}, ${rounds} rounds\n`,
    );
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine: where, figures })}\n`);
}
