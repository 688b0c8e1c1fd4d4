import { randomUUID } from 'node:crypto';
import type { InferenceAnswer, Refusal, Tensor } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { z } from 'zod';
import type { BaselineAnswer } from './baseline.js';
import type { InferRequest } from './infer.js';

// The JSON forms of the Open Inference Protocol, version 2: https://github.com/kserve/open-inference-protocol

const inferBody = z.object({
  id: z.string().min(1).max(128).optional(),
  /** `timeout` as Triton has it: microseconds from the arrival. */
  parameters: z
    .looseObject({
      timeout: z.number().int().min(1).optional(),
      /** Ours: what answers when the model is late or missing. */
      fallback: z.enum(['none', 'baseline']).optional(),
    })
    .optional(),
  inputs: z.array(
    z
      .object({ name: z.string(), shape: z.array(z.number()), datatype: z.string(), data: z.array(z.unknown()) })
      .loose(),
  ),
  outputs: z.array(z.object({ name: z.string() }).loose()).optional(),
});

export interface WireTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly data: readonly number[];
}

/** The request, or what is wrong with its form. */
export function readInfer(
  body: unknown,
  place: { model: string; version: string | null },
  now: Timestamp,
): InferRequest | Refusal {
  const parsed = inferBody.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = `/${issue?.path.map(String).join('/') ?? ''}`;
    return bad(
      'INPUT_INVALID',
      field,
      issue?.message ?? 'not a request',
      'an InferenceRequest of the Open Inference Protocol v2',
    );
  }
  const { id, parameters, inputs } = parsed.data;
  const other = inputs.findIndex(({ datatype }) => datatype !== 'FP32');
  if (other >= 0) {
    const text = `the type is ${inputs[other]?.datatype.slice(0, 40).toWellFormed()}`;
    return bad('INPUT_TYPE', `/inputs/${other}/datatype`, text, 'FP32');
  }
  const deadline = parameters?.timeout === undefined ? null : Timestamp.plus(now, parameters.timeout);
  return { kind: 'infer', requestId: id ?? randomUUID(), ...place, deadline, inputs: inputs.map(tensorOf) };
}

type WireInput = z.output<typeof inferBody>['inputs'][number];

/** What is no number is caught where values are judged, as `NaN`. */
const tensorOf = ({ name, shape, data }: WireInput): Tensor => {
  const values: number[] = [];
  flatten(data, values, nestedMax);
  return { name, shape, data: values };
};

/** A tensor may be written as nested lists, as deep as it has dimensions. */
const nestedMax = 8;

function flatten(data: readonly unknown[], values: number[], depth: number): void {
  for (const value of data) {
    if (Array.isArray(value) && depth > 1) flatten(value, values, depth - 1);
    else values.push(typeof value === 'number' ? value : Number.NaN);
  }
}

export function writeInferred(answer: Extract<InferenceAnswer, { ok: true }>) {
  if (answer.value.kind !== 'inferred') return null;
  const { requestId, model, version, provider, outputs, took } = answer.value;
  const tensors: readonly WireTensor[] = outputs.map(({ name, shape, data }) => ({
    name,
    shape,
    datatype: 'FP32',
    data,
  }));
  return {
    model_name: model,
    model_version: version,
    id: requestId,
    parameters: { provider, took_us: took },
    outputs: tensors,
  };
}

/** A request may name the outputs that it wants; one that the model does not have is a mistake, whatever the model would answer. */
export function outputFault(body: unknown, output: string): Refusal | null {
  const parsed = inferBody.safeParse(body);
  const wanted = parsed.success ? (parsed.data.outputs ?? []) : [];
  const at = wanted.findIndex(({ name }) => name !== output);
  if (at < 0) return null;
  const text = `the model has no output "${wanted[at]?.name.slice(0, 40).toWellFormed()}"`;
  return bad('OUTPUT_UNKNOWN', `/outputs/${at}/name`, text, output);
}

/** Nobody gets a baseline who did not ask for one: it must not be taken for the model. */
export function wantsBaseline(body: unknown): boolean {
  const parsed = inferBody.safeParse(body);
  return parsed.success && parsed.data.parameters?.fallback === 'baseline';
}

export function writeBaseline({ requestId }: InferRequest, { card, reason, output, took }: BaselineAnswer) {
  return {
    model_name: card.name,
    model_version: card.version,
    id: requestId,
    parameters: { provider: 'baseline', baseline: true, baseline_reason: reason, took_us: took },
    outputs: [{ ...output, datatype: 'FP32' }],
  };
}

/** Seconds after which it is worth asking again. */
export const retryAfterOf = ({ code }: Refusal): number | null =>
  code === 'QUEUE_FULL' ? 1 : code === 'MODEL_UNAVAILABLE' ? 30 : null;

const statusByCode: Readonly<Record<string, number>> = {
  MODEL_NOT_FOUND: 404,
  MODEL_VERSION_NOT_FOUND: 404,
  MODEL_UNAVAILABLE: 503,
  QUEUE_FULL: 503,
  DEADLINE_EXPIRED: 504,
  INFERENCE_FAILED: 500,
};

export const statusOf = ({ code }: Refusal): number => statusByCode[code] ?? 400;

/** `error` is what the protocol asks for; the rest is for those who want to act on it. */
export const writeError = ({ code, field, text, allowed, next }: Refusal) => ({
  error: `${code}: ${text}`,
  code,
  field,
  allowed,
  next,
});

function bad(code: string, field: string, text: string, allowed: string): Refusal {
  return { code, field, text, allowed, next: 'Correct the request.' };
}
