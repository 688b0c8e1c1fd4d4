// How long a model takes to answer, per batch size: through the queue and the thread of the inference service, and through its HTTP
// door. The floor is a bare ONNX Runtime session in the same process that does nothing but run. All are measured in turns.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { natsWorld, testNats } from '@scalpstorm/bus/testing';
import { Timestamp } from '@scalpstorm/kernel';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DirectoryModelSource } from '../services/inference/dist/adapters/directory-model-source.js';
import { OnnxModelRunner } from '../services/inference/dist/adapters/onnx-model-runner.js';
import { Dispatcher } from '../services/inference/dist/handlers/dispatcher.js';
import { InferenceMetrics } from '../services/inference/dist/inference-metrics.js';
import { start } from '../services/inference/dist/start.js';
import { machine, report, samplesToFigures } from './figures.mjs';

const json = process.argv.includes('--json');
const rounds = numberAfter('--rounds') ?? 2_000;
const warmUpRounds = 200;
const batchSizes = [1, 8, 64];
const longMs = 60_000;
const models = fileURLToPath(new URL('../services/inference/models', import.meta.url));

function numberAfter(flag) {
  const index = process.argv.indexOf(flag);
  if (index < 0) return undefined;
  const value = Number(process.argv[index + 1]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`BENCH_OPTION: ${flag} must be followed by a whole number above 0\n`);
  process.exit(2);
}

async function took(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) * 1_000;
}

/** The model as the service finds it. */
async function readModel() {
  const source = new DirectoryModelSource(models);
  const [found] = await source.list();
  const read = await source.read(found);
  if (!read.ok) throw new Error(read.fault.text);
  return read;
}

async function openBare({ card, bytes }) {
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return (data, rows) => session.run({ [card.input]: new Tensor('float32', data, [rows, card.features.length]) });
}

async function openLane({ card, bytes }) {
  const clock = new SystemClock();
  const runner = new OnnxModelRunner(1, ['cpu']);
  const loaded = await runner.load(card, bytes);
  if (!loaded.ok) throw new Error(loaded.fault.text);
  const settings = { batchMax: 64, batchWaitMs: 0, queueMax: 1_024 };
  const dispatcher = new Dispatcher(runner, settings, clock, new InferenceMetrics(new Metrics('bench')));
  const lane = dispatcher.open(card.name, loaded.model);
  const run = async (data, count) => {
    const outcome = await dispatcher.submit(lane, { count, data }, Timestamp.plus(clock.now(), longMs * 1_000));
    if (outcome.kind !== 'ran') throw new Error(outcome.kind);
  };
  return { run, close: () => runner.close() };
}

async function openDoor({ card }) {
  const nats = await natsWorld(testNats());
  const { url, user, password } = nats.place.address('inference');
  const environment = {
    SCALPSTORM_NAMESPACE: nats.place.namespace,
    NATS_URL: url,
    NATS_USER: user,
    NATS_PASSWORD: password,
  };
  const settings = { MODELS_DIR: models, INFERENCE_DEADLINE: '10s', INFERENCE_PROVIDERS: 'cpu' };
  const service = await start({ ...environment, ...settings }, { ownsProcess: false, log: new RecordingLog() });
  const address = `${service.url}/v2/models/${card.name}`;
  while ((await fetch(`${address}/ready`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  const run = async (data, rows) => {
    const inputs = [
      { name: card.input, shape: [rows, card.features.length], datatype: 'FP32', data: Array.from(data) },
    ];
    const response = await fetch(`${address}/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    if (response.status !== 200) throw new Error(await response.text());
    await response.json();
  };
  return {
    run,
    close: async () => {
      await service.close();
      await nats.close();
    },
  };
}

const model = await readModel();
const bare = await openBare(model);
const lane = await openLane(model);
const door = await openDoor(model);
const width = model.card.features.length;
const figures = [];
try {
  for (const rows of batchSizes) {
    const samples = { bare: [], lane: [], door: [] };
    const input = () => Float32Array.from({ length: rows * width }, () => Math.random() * 4 - 2);
    for (let round = 0; round < rounds + warmUpRounds; round += 1) {
      const data = input();
      const times = [await took(() => bare(data, rows)), await took(() => lane.run(data, rows))];
      // The door is an order of magnitude slower, so it has a share of the rounds.
      if (round % 4 === 0) times.push(await took(() => door.run(data, rows)));
      if (round < warmUpRounds) continue;
      for (const [index, name] of ['bare', 'lane', 'door'].entries())
        if (times[index] !== undefined) samples[name].push(times[index]);
    }
    const floor = { unit: 'µs', floor: samples.bare, floorName: 'bare ONNX Runtime session, same process' };
    figures.push(
      ...samplesToFigures({ name: `inference-batch-${rows}`, samples: samples.lane, ...floor }),
      ...samplesToFigures({ name: `inference-http-batch-${rows}`, samples: samples.door, ...floor }),
    );
  }
} finally {
  await lane.close();
  await door.close();
}
report({
  json,
  machine: `${machine()}, provider cpu, model ${readFileSync(`${models}/${model.card.name}/${model.card.version}/model.onnx`).length} bytes`,
  figures,
});
process.exit(0);
