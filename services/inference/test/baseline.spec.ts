import { createHash } from 'node:crypto';
import { cp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { featureNames } from '@scalpstorm/learning';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { InferenceWorld, ownModels } from './inference-world.js';

const patient = { timeoutMs: 60_000 };
const width = featureNames.length;
const body = (parameters: object = {}, rows = 1) => {
  const data = Array.from({ length: rows * width }, () => 0);
  return { id: 'a', parameters, inputs: [{ name: 'features', shape: [rows, width], datatype: 'FP32', data }] };
};
/** So long every request waits for others, which do not come: a shorter deadline always passes. */
const companyMs = 100;
const tooShort = { timeout: 1_000 };
const wanted = { fallback: 'baseline' };

describeWithServers('a model that is late or missing', () => {
  let world: InferenceWorld;
  let card: string;
  let onnx: string;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await InferenceWorld.open(nats, { INFERENCE_BATCH_WAIT_MS: String(companyMs) });
    const folder = join(world.models, 'direction', '1');
    [card, onnx] = [join(folder, 'model.json'), join(folder, 'model.onnx')];
  });
  afterEach(async () => {
    await world?.close();
  });

  const infer = (parameters: object = {}, rows = 1) => world.post('v2/models/direction/infer', body(parameters, rows));
  const change = async (edit: (card: Record<string, Record<string, unknown>>) => void): Promise<void> => {
    const parsed = JSON.parse(await readFile(card, 'utf8')) as Record<string, Record<string, unknown>>;
    edit(parsed);
    await writeFile(card, JSON.stringify(parsed));
  };
  const refusedWith = (code: string) =>
    eventually(() => {
      const refusals = world.log.lines.filter(({ text }) => text === 'a model is refused');
      expect(refusals.map(({ fields }) => (fields as { code: string }).code)).toContain(code);
    }, patient);

  const breaks: readonly (readonly [string, () => Promise<void>])[] = [
    [
      'MODEL_NOT_LOADABLE',
      async () => {
        const garbage = Buffer.from('this is no network');
        await writeFile(onnx, garbage);
        await change(({ onnx: described }) => {
          Object.assign(described ?? {}, { sha256: createHash('sha256').update(garbage).digest('hex') });
        });
      },
    ],
    ['MODEL_HASH_MISMATCH', () => writeFile(onnx, 'cut off')],
    [
      'MODEL_FILE_MISSING',
      async () => {
        await rm(onnx);
        await utimes(card, 1_000_000, 1_000_000);
      },
    ],
  ];

  it.each(breaks)(
    'for %s has a code, a baseline for whoever asks, and comes back without a restart',
    async (code, ruin) => {
      await ruin();
      await world.startService();
      await refusedWith(code);
      expect((await world.get('v2/health/live')).status).toBe(200);
      expect((await world.get('v2/models/direction')).body).toMatchObject({ code: 'MODEL_UNAVAILABLE' });

      const refusal = await infer();
      expect(refusal).toMatchObject({ status: 503, body: { code: 'MODEL_UNAVAILABLE' } });
      expect(refusal.body['error']).toContain(code);
      const { inputs } = body();
      const request = { requestId: 'n', model: 'direction', version: null, deadline: null, inputs };
      expect(await world.ask({ kind: 'infer', ...request })).toMatchObject({
        ok: false,
        refusals: [{ code: 'MODEL_UNAVAILABLE' }],
      });

      const instead = await infer(wanted, 2);
      expect(instead).toMatchObject({
        status: 200,
        body: { parameters: { provider: 'baseline', baseline: true, baseline_reason: 'MODEL_UNAVAILABLE' } },
      });
      const [output] = instead.body['outputs'] as { shape: number[]; data: number[] }[];
      expect(output?.shape).toEqual([2, 2]);
      expect(output?.data.map((rate) => rate.toFixed(3))).toEqual(['0.469', '0.458', '0.469', '0.458']);
      expect(await world.metrics()).toMatch(/inference_baselines_total\{.*reason="MODEL_UNAVAILABLE".*\} 1/);
      expect(world.predictions).toEqual([]);

      await cp(join(ownModels, 'direction', '1'), join(world.models, 'direction', '1'), {
        recursive: true,
        force: true,
      });
      await eventually(
        async () =>
          expect(await infer(wanted)).toMatchObject({ status: 200, body: { parameters: { provider: 'cpu' } } }),
        patient,
      );
    },
  );

  it('at its deadline is 504, or the baseline when that was asked for; a wrong request stays wrong', async () => {
    await world.startService();
    await eventually(async () => expect((await world.get('v2/health/ready')).status).toBe(200), patient);
    expect(await infer(tooShort)).toMatchObject({ status: 504, body: { code: 'DEADLINE_EXPIRED' } });
    expect(await infer({ ...tooShort, ...wanted })).toMatchObject({
      status: 200,
      body: { parameters: { baseline: true, baseline_reason: 'DEADLINE_EXPIRED' } },
    });
    expect(await infer(wanted, 65)).toMatchObject({ status: 400, body: { code: 'BATCH_TOO_LARGE' } });
    expect(await infer({ fallback: 'guess' })).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  });
});
