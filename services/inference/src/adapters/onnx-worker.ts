// A thread that computes. ONNX Runtime's binding for Node computes on the thread that calls it; here the event loop of the service
// stays free, so that deadlines are kept while a model runs. It imports nothing of ours but types: in development it runs as it is.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { WorkerReply, WorkerRequest } from './onnx-messages.js';

type ProviderName = Extract<WorkerReply, { kind: 'loaded' }>['provider'];
type Skipped = Extract<WorkerReply, { kind: 'loaded' }>['skipped'][number];
type Load = Extract<WorkerRequest, { kind: 'load' }>;

interface Loaded {
  readonly session: InferenceSession;
  readonly input: string;
  readonly output: string;
  readonly width: number;
}

const sessions = new Map<string, Loaded>();
const warmUpRuns = 5;
const textMax = 300;

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, textMax).toWellFormed();

/** Why a provider need not be tried; null: it may work. A library that is not there would be complained of on stderr. */
function absentBecause(provider: ProviderName): string | null {
  const known = listSupportedBackends().find(({ name }) => name === provider);
  if (known === undefined) return 'this build of ONNX Runtime does not know it';
  if (known.bundled) return null;
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node'));
  const library = join(
    folder,
    '..',
    'bin',
    'napi-v6',
    process.platform,
    process.arch,
    'libonnxruntime_providers_shared.so',
  );
  return existsSync(library) ? null : 'its libraries are not installed with onnxruntime-node';
}

async function load({ id, key, bytes, providers, input, output, width }: Load): Promise<WorkerReply> {
  const skipped: Skipped[] = [];
  for (const provider of providers) {
    const absent = absentBecause(provider);
    if (absent !== null) {
      skipped.push({ provider, why: absent });
      continue;
    }
    try {
      const options = {
        executionProviders: [provider],
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        logSeverityLevel: 3 as const,
      };
      const session = await InferenceSession.create(bytes, options);
      const loaded = { session, input, output, width };
      const columns = await warmUp(loaded);
      sessions.set(key, loaded);
      return { kind: 'loaded', id, provider, skipped, columns };
    } catch (error) {
      skipped.push({ provider, why: wordsOf(error) });
    }
  }
  const why = skipped.map((one) => `${one.provider}: ${one.why}`).join('; ');
  return { kind: 'failed', id, text: `no provider takes it (${why})` };
}

/** The first runs are slow, and a model that can not run at all is better known now. */
async function warmUp(loaded: Loaded): Promise<number> {
  let columns = 0;
  for (let run = 0; run < warmUpRuns; run += 1) {
    const data = await compute(loaded, new Float32Array(loaded.width), 1);
    if (!data.every(Number.isFinite)) throw new Error('it answers zeros with what is no finite number');
    columns = data.length;
  }
  return columns;
}

async function compute(
  { session, input, output, width }: Loaded,
  data: Float32Array,
  rows: number,
): Promise<Float32Array> {
  const outputs = await session.run({ [input]: new Tensor('float32', data, [rows, width]) });
  const told = outputs[output]?.data;
  if (!(told instanceof Float32Array)) throw new Error(`it has no output "${output}" of 32-bit floats`);
  return told;
}

async function run({ id, key, data, rows }: Extract<WorkerRequest, { kind: 'run' }>): Promise<WorkerReply> {
  const loaded = sessions.get(key);
  if (loaded === undefined) return { kind: 'failed', id, text: `${key} is not loaded` };
  return { kind: 'ran', id, data: Float32Array.from(await compute(loaded, data, rows)) };
}

async function unload({ id, key }: Extract<WorkerRequest, { kind: 'unload' }>): Promise<WorkerReply> {
  const loaded = sessions.get(key);
  sessions.delete(key);
  await loaded?.session.release();
  return { kind: 'unloaded', id };
}

async function answer(request: Exclude<WorkerRequest, { kind: 'end' }>): Promise<WorkerReply> {
  try {
    if (request.kind === 'load') return await load(request);
    if (request.kind === 'run') return await run(request);
    return await unload(request);
  } catch (error) {
    return { kind: 'failed', id: request.id, text: wordsOf(error) };
  }
}

parentPort?.on('message', async (request: WorkerRequest) => {
  // To terminate a thread while ONNX Runtime computes on it ends the whole process: it goes by itself, when it comes to this.
  if (request.kind === 'end') return parentPort?.close();
  const reply = await answer(request);
  parentPort?.postMessage(reply, reply.kind === 'ran' ? [reply.data.buffer as ArrayBuffer] : []);
});
