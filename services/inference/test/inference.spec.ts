import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { testNats } from '@scalpstorm/bus/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { featureNames } from '@scalpstorm/learning';
import { InstrumentId, Price } from '@scalpstorm/model';
import { aFeedStatus, aQuote, describeWithServers, eventually } from '@scalpstorm/testkit';
import { InferenceWorld } from './inference-world.js';

const width = featureNames.length;
const zeros = Array.from({ length: width }, () => 0);
const inputs = (data: readonly number[] = zeros, rows = 1) => [{ name: 'features', shape: [rows, width], data }];
const wire = (rows = 1) => ({
  inputs: [
    { name: 'features', shape: [rows, width], datatype: 'FP32', data: Array.from({ length: rows }, () => zeros) },
  ],
});
const patient = { timeoutMs: 60_000 };

describeWithServers('the inference service', () => {
  let world: InferenceWorld;

  beforeEach(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_PASSWORDS is not set');
    world = await InferenceWorld.open(nats);
    await world.startService();
    await eventually(async () => expect((await world.get('v2/health/ready')).status).toBe(200), patient);
  });

  afterEach(async () => {
    await world?.close();
  });

  const infer = (changes: object = {}) =>
    world.ask({
      kind: 'infer',
      requestId: 'r1',
      model: 'direction',
      version: null,
      deadline: null,
      inputs: inputs(),
      ...changes,
    });
  const codeOf = (answer: Awaited<ReturnType<typeof infer>>) => (answer.ok ? 'ok' : answer.refusals[0]?.code);

  it('answers over NATS and over HTTP with the same numbers', async () => {
    const answer = await infer();
    if (!answer.ok || answer.value.kind !== 'inferred') throw new Error(JSON.stringify(answer));
    expect(answer.value).toMatchObject({ requestId: 'r1', model: 'direction', version: '1', provider: 'cpu' });
    const [told] = answer.value.outputs;
    expect(told?.shape).toEqual([1, 2]);
    const { status, body } = await world.post('v2/models/direction/infer', {
      id: 'r2',
      ...wire(),
      outputs: [{ name: 'probabilities' }],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      model_name: 'direction',
      model_version: '1',
      id: 'r2',
      parameters: { provider: 'cpu' },
    });
    expect((body['outputs'] as { data: number[] }[])[0]?.data).toEqual(told?.data);
  });

  it('tells over HTTP what it serves, and what on', async () => {
    const { body } = await world.get('v2/models/direction');
    expect(body).toMatchObject({
      name: 'direction',
      versions: ['1'],
      inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, width] }],
      outputs: [{ name: 'probabilities', datatype: 'FP32', shape: [-1, 2] }],
      parameters: { provider: 'cpu', features: featureNames, skipped_providers: [{ provider: 'cuda' }] },
    });
    expect((await world.get('v2/models/direction/versions/1/ready')).status).toBe(200);
    expect((await world.get('v2/models/direction/versions/2/ready')).status).toBe(404);
    expect((await world.get('v2/models/nobody')).status).toBe(404);
    expect((await world.get('v2/health/live')).body).toEqual({ live: true });
    expect(await world.ask({ kind: 'models', requestId: 'm' })).toMatchObject({
      ok: true,
      value: { models: [{ model: 'direction', version: '1', provider: 'cpu', edge: true }] },
    });
    expect(await world.metrics()).toMatch(
      /inference_model_serving\{(?=.*model="direction")(?=.*version="1")(?=.*provider="cpu").*\} 1/,
    );
  });

  it.each([
    ['MODEL_NOT_FOUND', { model: 'nobody' }],
    ['MODEL_VERSION_NOT_FOUND', { version: '9' }],
    ['INPUT_MISSING', { inputs: [] }],
    ['INPUT_UNKNOWN', { inputs: [...inputs(), { name: 'other', shape: [1, 1], data: [1] }] }],
    ['INPUT_SHAPE', { inputs: [{ name: 'features', shape: [1, width - 1], data: zeros.slice(1) }] }],
    ['INPUT_SHAPE', { inputs: inputs([1, 2]) }],
    ['INPUT_VALUE', { inputs: inputs([Number.NaN, ...zeros.slice(1)]) }],
    ['BATCH_TOO_LARGE', { inputs: inputs([], 65) }],
    ['DEADLINE_EXPIRED', { deadline: Timestamp.fromMicros(1) }],
  ])('refuses with %s', async (code, changes) => {
    expect(codeOf(await infer(changes))).toBe(code);
  });

  it.each([
    [400, 'INPUT_TYPE', { inputs: [{ ...wire().inputs[0], datatype: 'INT64' }] }],
    [400, 'INPUT_INVALID', { inputs: 'none' }],
    [400, 'INPUT_SHAPE', { inputs: [{ ...wire().inputs[0], shape: [2, width] }] }],
    [400, 'OUTPUT_UNKNOWN', { ...wire(), outputs: [{ name: 'probabilities' }, { name: 'logits' }] }],
    [404, 'MODEL_NOT_FOUND', wire(), 'nobody'],
  ])('answers a wrong HTTP request with %i and %s', async (status, code, body, model = 'direction') => {
    const answer = await world.post(`v2/models/${model}/infer`, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.body['error']).toContain(code);
    expect(await world.metrics()).toMatch(new RegExp(`inference_requests_total\\{.*outcome="${code}".*\\} 1`));
  });

  it.each([
    ['no JSON', 400, 'INPUT_INVALID', '{"inputs":[', 'application/json'],
    ['no body', 400, 'INPUT_INVALID', '', 'application/json'],
    ['another content type', 415, 'INPUT_INVALID', '<a/>', 'application/xml'],
    ['a body that is announced too large', 413, 'INPUT_TOO_LARGE', null, 'application/json'],
  ])('answers %s with %i and %s, in the form of the protocol', async (_, status, code, body, type) => {
    const answer = await world.send('v2/models/direction/infer', body, { 'content-type': type });
    expect(answer).toMatchObject({ status, body: { code, error: expect.stringMatching(`^${code}: `) } });
    expect(await world.metrics()).toMatch(
      new RegExp(`inference_requests_total\\{(?=.*model="direction").*outcome="${code}".*\\} 1`),
    );
  });

  it('answers a path that nobody serves in the form of the protocol', async () => {
    const { status, body } = await world.get('v2/modles');
    expect([status, body['code'], body['error']]).toEqual([404, 'ROUTE_NOT_FOUND', expect.any(String)]);
  });

  it('puts a newer version in the place of the old one, and leaves the old one when the newer is broken', async () => {
    await world.addVersion('2', (card) => ({ ...card, onnx: { ...(card['onnx'] as object), sha256: '0'.repeat(64) } }));
    await eventually(() => {
      expect(world.log.lines.find(({ text }) => text === 'a model is refused')?.fields).toMatchObject({
        version: '2',
        code: 'MODEL_HASH_MISMATCH',
      });
    }, patient);
    expect((await world.get('v2/models/direction')).body['versions']).toEqual(['1']);
    expect((await world.get('v2/health/ready')).status).toBe(503);
    await world.addVersion('3', (card) => ({
      ...card,
      features: { ...(card['features'] as object), set: 'another-1' },
    }));
    await eventually(() => {
      const codes = world.log.lines
        .filter(({ text }) => text === 'a model is refused')
        .map(({ fields }) => (fields as { code: string }).code);
      expect(codes).toEqual(['MODEL_HASH_MISMATCH', 'MODEL_FEATURES_DIFFER']);
    }, patient);
    await world.addVersion('10');
    // Asked without a pause: nobody is refused while the versions change places.
    await eventually(async () => {
      const answer = await infer();
      expect(codeOf(answer)).toBe('ok');
      expect(answer.ok && answer.value.kind === 'inferred' && answer.value.version).toBe('10');
    }, patient);
  });

  it('speaks of a market that it hears, with the time until which it may be believed', async () => {
    const timer = setInterval(() => wave(), 50);
    try {
      await eventually(() => expect(world.predictions.length).toBeGreaterThan(2), { timeoutMs: 60_000 });
    } finally {
      clearInterval(timer);
    }
    const [event] = world.predictions;
    expect(event?.prediction).toMatchObject({
      model: 'direction',
      version: '1',
      instrumentId: 'sim:BTC-USDT',
      horizon: 8e6,
    });
    const { occurredAt = 0, validUntil = 0, up } = event?.prediction ?? {};
    expect(validUntil - occurredAt).toBe(1e6);
    expect(occurredAt % 250_000).toBe(0);
    expect(up?.winBps).toBeGreaterThan(8);
    expect(up?.probability).toBeGreaterThanOrEqual(0);
    // A feed that broke: the window begins anew, and nothing is foretold before it is full.
    world.feed(aFeedStatus({ state: 'disconnected' }));
    await eventually(async () => {
      const before = world.predictions.length;
      const until = world.now() + 400_000;
      await eventually(() => expect(world.now()).toBeGreaterThan(until));
      expect(world.predictions.length).toBe(before);
    }, patient);
    // An instrument of another venue is none that the model was trained for.
    expect(new Set(world.predictions.map(({ prediction }) => prediction.instrumentId))).toEqual(
      new Set(['sim:BTC-USDT']),
    );
  });

  function wave(): void {
    const cents = Math.round(5_000_000 * (1 + Math.sin(world.now() / 2e6) / 1_000));
    const prices = { bidPrice: Price.of(String(cents / 100)), askPrice: Price.of(String((cents + 1) / 100)) };
    for (const venue of ['sim', 'binance']) {
      world.quote(aQuote({ instrumentId: InstrumentId.of(venue, 'BTC-USDT'), ...prices, occurredAt: world.now() }));
    }
  }
});
