import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { buildDataset, splitByTime } from './dataset.js';
import { networkToOnnx } from './onnx/network-onnx.js';
import { waveMarket } from './testing/wave-market.js';
import { isFault, type Trained, train } from './training.js';

const spec = { targetBps: 4, stopBps: 4, horizon: 4 * second, delay: second / 10 };
const wish = { network: { hidden: 0, passes: 10, batch: 128, rate: 0.01, ridge: 0.001 }, seed: 3, feesBps: 0.5 };
const datasetOf = (waveBps: number, seconds = 1_200) =>
  buildDataset(waveMarket({ seed: 9, seconds, waveBps, noiseBps: 0.3 }), spec);

function trained(waveBps: number): Trained {
  const result = train(datasetOf(waveBps), wish);
  if (isFault(result)) throw new Error(result.text);
  return result;
}

describe('a training', () => {
  it('finds a wave, and says so by the rows that it has not seen', () => {
    const { outOfSample, edge } = trained(12);
    const { figures, acting } = outOfSample.up;
    expect(figures.auc).toBeGreaterThan(0.8);
    expect(figures.logLoss).toBeLessThan(figures.logLossBase);
    expect(acting.netBps).toBeGreaterThan(acting.netBpsOfAll);
    expect(edge.found).toBe(true);
  });

  it('finds nothing where there is nothing, and says that plainly', () => {
    const { edge } = trained(0);
    expect(edge).toMatchObject({ found: false });
    expect(edge.text).toContain('No edge');
  });

  it('gives the same bytes for the same data and seed', () => {
    const bytes = () => {
      const { network, calibration } = trained(12);
      return networkToOnnx(network, calibration);
    };
    expect(bytes()).toEqual(bytes());
  });

  it('keeps the parts of time apart: no label of one reaches into the next', () => {
    const dataset = datasetOf(12);
    const { train: first, calibrate, test } = splitByTime(dataset);
    const span = spec.horizon + spec.delay;
    expect((dataset.times[first.to - 1] ?? 0) + span).toBeLessThan(dataset.times[calibrate.from] ?? 0);
    expect((dataset.times[calibrate.to - 1] ?? 0) + span).toBeLessThan(dataset.times[test.from] ?? 0);
    expect([first.from, test.to]).toEqual([0, dataset.rows]);
  });

  it('says what is lacking instead of a figure', () => {
    expect(train(datasetOf(12, 60), wish)).toMatchObject({ code: 'TOO_FEW_ROWS' });
    const far = buildDataset(waveMarket({ seed: 9, seconds: 900, waveBps: 1 }), { ...spec, targetBps: 900 });
    expect(train(far, wish)).toMatchObject({ code: 'ONE_CLASS' });
  });
});
