import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import {
  featureNames,
  featureSetId,
  inputName,
  type Network,
  networkToOnnx,
  outputName,
  scoresOf,
  sigmoid,
} from '@scalpstorm/learning';
import { eventually } from '@scalpstorm/testkit';
import type { ModelCard } from '../domain/model-card.js';
import { OnnxModelRunner } from './onnx-model-runner.js';

const inputs = featureNames.length;
const card: ModelCard = {
  name: 'test',
  version: '1',
  sha256: '',
  input: inputName,
  output: outputName,
  outputs: ['up', 'down'],
  featureSet: featureSetId,
  features: featureNames,
  serves: [],
  validForMs: 1_000,
  horizonMs: 1_000,
  payoff: { up: { winBps: 1, lossBps: 1 }, down: { winBps: 1, lossBps: 1 } },
  baseRates: null,
  edge: { found: false, text: '' },
  note: '',
};
const rng = seededRng(17);
const random = (size: number) => Float64Array.from({ length: size }, () => Math.fround(rng.gaussian()));

function networkOf(hidden: number): Network {
  const shape = {
    inputs,
    hidden,
    outputs: 2,
    mean: random(inputs),
    scale: random(inputs).map((value) => Math.fround(1 + value * value)),
  };
  const last = hidden === 0 ? inputs : hidden;
  return {
    ...shape,
    hiddenWeights: random(inputs * hidden),
    hiddenBiases: random(hidden),
    weights: random(last * 2),
    biases: random(2),
  };
}

describe('an exported model in ONNX Runtime', () => {
  let runner: OnnxModelRunner;

  beforeAll(() => {
    runner = new OnnxModelRunner(2, ['cuda', 'webgpu', 'cpu']);
  });
  afterAll(async () => {
    await runner.close();
  });

  it.each([0, 1, 12])('answers as the trainer does, with %i hidden units', async (hidden) => {
    const network = networkOf(hidden);
    const calibration = [
      { slope: Math.fround(1.7), offset: Math.fround(-0.3) },
      { slope: Math.fround(0.6), offset: Math.fround(0.9) },
    ];
    const loaded = await runner.load(card, networkToOnnx(network, calibration));
    if (!loaded.ok) throw new Error(loaded.fault.text);
    const rows = 300;
    // Some are far away, so that the clipping counts.
    const data = Float32Array.from({ length: rows * inputs }, () => rng.gaussian() * (rng.below(20) === 0 ? 50 : 2));
    const told = await loaded.model.run(Float32Array.from(data), rows);
    expect(told.length).toBe(rows * 2);
    let most = 0;
    for (let row = 0; row < rows; row += 1) {
      const scores = scoresOf(network, data.subarray(row * inputs, (row + 1) * inputs));
      for (const [output, { slope, offset }] of calibration.entries()) {
        const expected = sigmoid(slope * (scores[output] ?? 0) + offset);
        most = Math.max(most, Math.abs(expected - (told[row * 2 + output] ?? Number.NaN)));
      }
    }
    expect(most).toBeLessThan(1e-5);
    await loaded.model.close();
  });

  it('says which provider it took, and why not those before it', async () => {
    const loaded = await runner.load(
      card,
      networkToOnnx(networkOf(0), [
        { slope: 1, offset: 0 },
        { slope: 1, offset: 0 },
      ]),
    );
    if (!loaded.ok) throw new Error(loaded.fault.text);
    const { provider, skipped } = loaded.model;
    const asked = [...skipped.map((one) => one.provider), provider];
    expect(asked).toEqual((['cuda', 'webgpu', 'cpu'] as const).slice(0, asked.length));
    for (const { why } of skipped) expect(why.length).toBeGreaterThan(10);
    const reasons = skipped.map((one) => `${one.provider}: ${one.why.slice(0, 60)}`).join('; ');
    if (provider === 'cpu') process.stderr.write(`GPU lane skipped: ${reasons}\n`);
  });

  it('refuses what is no model, and one of another shape', async () => {
    expect(await runner.load(card, new Uint8Array([1, 2, 3]))).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_NOT_LOADABLE' },
    });
    const bytes = networkToOnnx(networkOf(0), [
      { slope: 1, offset: 0 },
      { slope: 1, offset: 0 },
    ]);
    expect(await runner.load({ ...card, outputs: ['up'] }, bytes)).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_SHAPE_DIFFERS' },
    });
    expect(await runner.load({ ...card, input: 'other' }, bytes)).toMatchObject({
      ok: false,
      fault: { code: 'MODEL_NOT_LOADABLE' },
    });
  });

  it('runs several at a time, on as many threads', async () => {
    const loaded = await runner.load(
      card,
      networkToOnnx(networkOf(4), [
        { slope: 1, offset: 0 },
        { slope: 1, offset: 0 },
      ]),
    );
    if (!loaded.ok) throw new Error(loaded.fault.text);
    const runs = Array.from({ length: 20 }, (_, index) =>
      loaded.model.run(new Float32Array(inputs * (index + 1)), index + 1),
    );
    const lengths = (await Promise.all(runs)).map(({ length }) => length);
    expect(lengths).toEqual(Array.from({ length: 20 }, (_, index) => 2 * (index + 1)));
  });

  it('puts another thread in the place of one that died, and says that its models must be loaded again', async () => {
    const bytes = networkToOnnx(networkOf(0), [
      { slope: 1, offset: 0 },
      { slope: 1, offset: 0 },
    ]);
    const own = new OnnxModelRunner(1, ['cpu']);
    const first = await own.load(card, bytes);
    if (!first.ok) throw new Error(first.fault.text);
    expect(first.model.isAlive).toBe(true);
    // Ends its threads, as a crash of one would.
    await own.close();
    await expect(first.model.run(new Float32Array(inputs), 1)).rejects.toThrow('no thread');
    expect(first.model.isAlive).toBe(false);
    await first.model.close();
    const second = await own.load(card, bytes);
    if (!second.ok) throw new Error(second.fault.text);
    expect((await second.model.run(new Float32Array(inputs), 1)).length).toBe(2);
    await own.close();
  });

  it('gives up a thread whose run does not end, with every model on it, and loads them on another', async () => {
    const bytes = networkToOnnx(networkOf(0), [
      { slope: 1, offset: 0 },
      { slope: 1, offset: 0 },
    ]);
    const own = new OnnxModelRunner(1, ['cpu']);
    const [stuck, other] = [await own.load(card, bytes), await own.load({ ...card, name: 'other' }, bytes)];
    if (!stuck.ok || !other.ok) throw new Error('not loaded');
    const run = stuck.model.run(new Float32Array(inputs * 1_000), 1_000);
    stuck.model.abandon('a run did not end');
    await expect(run).rejects.toThrow('a run did not end');
    expect([stuck.model.isAlive, other.model.isAlive]).toEqual([false, false]);
    const again = await own.load(card, bytes);
    if (!again.ok) throw new Error(again.fault.text);
    expect((await again.model.run(new Float32Array(inputs), 1)).length).toBe(2);
    // As many as make the process useless; these come to an end, and then it is not.
    for (let more = 0; more < 2; more += 1) {
      const loaded = await own.load(card, bytes);
      if (!loaded.ok) throw new Error(loaded.fault.text);
      const ended = expect(loaded.model.run(new Float32Array(inputs * 1_000), 1_000)).rejects.toThrow('a run');
      loaded.model.abandon('a run did not end');
      await ended;
    }
    await eventually(() => expect(own.fault).toBeNull(), { timeoutMs: 30_000 });
    await own.close();
  });
});
