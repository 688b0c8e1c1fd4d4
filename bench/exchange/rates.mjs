// Rates and times by round: the median over the rounds, from the lowest to the highest, and how many times the floor is faster.
import { quantile } from '../figures.mjs';

const round = (value) => Number(value.toPrecision(4));
const spread = (values) => [Math.min(...values), Math.max(...values)].map(round);
const median = (values) => quantile(values, 0.5);

/** `ratio` > 1: so many times slower than the floor of the same round. */
export function ratesToFigure({ name, unit, values, floor, floorName }) {
  const ratios = values.map((value, index) => floor[index] / value);
  return {
    name,
    unit,
    value: round(median(values)),
    spread: spread(values),
    floor: { name: floorName, value: round(median(floor)), spread: spread(floor) },
    ratio: round(median(ratios)),
    ratioSpread: spread(ratios),
    rounds: values.length,
  };
}

/** Times instead of rates. `ratio` > 1: so many times slower than the floor of the same round. */
export function timesToFigure({ name, unit, values, floor, floorName }) {
  const ratios = values.map((value, index) => value / floor[index]);
  return {
    name,
    unit,
    value: round(median(values)),
    spread: spread(values),
    floor: { name: floorName, value: round(median(floor)), spread: spread(floor) },
    ratio: round(median(ratios)),
    ratioSpread: spread(ratios),
    rounds: values.length,
  };
}
