import { sigmoid } from './network.js';

/** probability = sigmoid(slope × score + offset). */
export interface Platt {
  readonly slope: number;
  readonly offset: number;
}

const roundsMax = 100;
const enough = 1e-10;

/**
 * Platt 1999 with the targets that keep it from being too sure: (wins + 1) ÷ (wins + 2) and 1 ÷ (losses + 2). Newton's method on a
 * convex loss; the step is halved while it makes things worse.
 */
export function fitPlatt(scores: Float64Array, won: Uint8Array): Platt {
  const wins = won.reduce((sum, one) => sum + one, 0);
  const losses = won.length - wins;
  const high = (wins + 1) / (wins + 2);
  const low = 1 / (losses + 2);
  const targets = Float64Array.from(won, (one) => (one === 1 ? high : low));
  let fit: Platt = { slope: 1, offset: 0 };
  let loss = lossOf(fit, scores, targets);
  for (let round = 0; round < roundsMax; round += 1) {
    const step = newtonStep(fit, scores, targets);
    let size = 1;
    let next = moved(fit, step, size);
    while (size > enough && lossOf(next, scores, targets) > loss) {
      size /= 2;
      next = moved(fit, step, size);
    }
    const after = lossOf(next, scores, targets);
    if (!(after < loss - enough)) break;
    fit = next;
    loss = after;
  }
  return fit;
}

const moved = ({ slope, offset }: Platt, step: Platt, size: number): Platt => ({
  slope: slope - size * step.slope,
  offset: offset - size * step.offset,
});

function newtonStep({ slope, offset }: Platt, scores: Float64Array, targets: Float64Array): Platt {
  let [gradientSlope, gradientOffset, curveSlope, curveBoth, curveOffset] = [0, 0, enough, 0, enough];
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? 0;
    const probability = sigmoid(slope * score + offset);
    const error = probability - (targets[index] ?? 0);
    const curve = probability * (1 - probability);
    gradientSlope += error * score;
    gradientOffset += error;
    curveSlope += curve * score ** 2;
    curveBoth += curve * score;
    curveOffset += curve;
  }
  const determinant = curveSlope * curveOffset - curveBoth ** 2;
  if (Math.abs(determinant) < enough) return { slope: 0, offset: gradientOffset / curveOffset };
  return {
    slope: (curveOffset * gradientSlope - curveBoth * gradientOffset) / determinant,
    offset: (curveSlope * gradientOffset - curveBoth * gradientSlope) / determinant,
  };
}

function lossOf({ slope, offset }: Platt, scores: Float64Array, targets: Float64Array): number {
  let loss = 0;
  for (let index = 0; index < scores.length; index += 1) {
    const score = slope * (scores[index] ?? 0) + offset;
    // log(1 + e^score) − target × score, in a form that does not overflow.
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (targets[index] ?? 0) * score;
  }
  return loss / Math.max(1, scores.length);
}
