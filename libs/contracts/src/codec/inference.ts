import { unreachable } from '@scalpstorm/kernel';
import type { Outlook, Prediction } from '@scalpstorm/model';
import { defineContract, defineQuestion } from '../define.js';
import type { PredictionMade } from '../events.js';
import * as wire from '../generated/scalpstorm/inference/v1/inference_pb.js';
import type { InferenceAnswer, InferenceModel, InferenceRequest, Tensor } from '../questions.js';
import { readAnswer } from './answers.js';
import {
  present,
  readAll,
  readCommandId,
  readInstrumentId,
  readMeta,
  readOptional,
  readText,
  readTimestamp,
  unreadable,
  writeMeta,
  writeOptionalTimestamp,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const tokenOf = {
  venue: ({ prediction: { instrumentId: id } }: PredictionMade): string => id.slice(0, id.indexOf(':')),
  symbol: ({ prediction: { instrumentId: id } }: PredictionMade): string => id.slice(id.indexOf(':') + 1),
};

export const predictionMade = defineContract(
  {
    schema: wire.PredictionMadeSchema,
    toWire: ({ meta, prediction }: PredictionMade) => ({
      meta: writeMeta(meta),
      prediction: writePrediction(prediction),
    }),
    fromWire: (message, at): PredictionMade => ({
      meta: readMeta(message.meta, at),
      prediction: readPrediction(present(message.prediction, `${at}.prediction`), `${at}.prediction`),
    }),
  },
  tokenOf,
);

export const inferenceQuestion = defineQuestion(
  {
    schema: wire.InferenceAskRequestSchema,
    toWire: (request: InferenceRequest) => ({ question: writeQuestion(request) }),
    fromWire: ({ question }, at): InferenceRequest => {
      switch (question.case) {
        case 'infer': {
          const { requestId, model, version, deadlineUs, inputs } = question.value;
          return {
            kind: 'infer',
            requestId: readCommandId(requestId, `${at}.infer.request_id`),
            model: readText(model, `${at}.infer.model`),
            version: readOptional(version, `${at}.infer.version`, readText),
            deadline: readOptional(deadlineUs, `${at}.infer.deadline_us`, readTimestamp),
            inputs: readAll(inputs, `${at}.infer.inputs`, readTensor),
          };
        }
        case 'models':
          return { kind: 'models', requestId: readCommandId(question.value.requestId, `${at}.models.request_id`) };
        case undefined:
          return unreadable(`${at}.question`, 'missing');
        default:
          return unreachable(question, 'question');
      }
    },
  },
  {
    schema: wire.InferenceAskReplySchema,
    toWire: (reply: InferenceAnswer) => ({ answer: writeAnswer(reply) }),
    fromWire: ({ answer }, at): InferenceAnswer =>
      readAnswer(answer, at, { inferred: readInferred, models: readModels }),
  },
);

function writePrediction(prediction: Prediction) {
  const { instrumentId, model, version, up, down, horizon, occurredAt, validUntil } = prediction;
  const times = { occurredAtUs: writeTimestamp(occurredAt), validUntilUs: writeTimestamp(validUntil) };
  return { instrumentId, model, version, up, down, horizonUs: BigInt(horizon), ...times };
}

function readPrediction(value: wire.Prediction, at: string): Prediction {
  return {
    instrumentId: readInstrumentId(value.instrumentId, `${at}.instrument_id`),
    model: readText(value.model, `${at}.model`),
    version: readText(value.version, `${at}.version`),
    up: readOutlook(value.up, `${at}.up`),
    down: readOutlook(value.down, `${at}.down`),
    horizon: readTimestamp(value.horizonUs, `${at}.horizon_us`),
    occurredAt: readTimestamp(value.occurredAtUs, `${at}.occurred_at_us`),
    validUntil: readTimestamp(value.validUntilUs, `${at}.valid_until_us`),
  };
}

function readOutlook(value: wire.Outlook | undefined, at: string): Outlook {
  const { probability, winBps, lossBps } = present(value, at);
  // Written so that it refuses what is not a number, too.
  if (!(probability >= 0 && probability <= 1))
    return unreadable(`${at}.probability`, 'not from 0 to 1', String(probability));
  if (!Number.isFinite(winBps) || !Number.isFinite(lossBps)) return unreadable(at, 'not finite');
  return { probability, winBps, lossBps };
}

function writeQuestion(request: InferenceRequest) {
  if (request.kind === 'models') return { case: 'models' as const, value: { requestId: request.requestId } };
  const { requestId, model, version, deadline, inputs } = request;
  const value = { requestId, model, version: version ?? undefined, deadlineUs: writeOptionalTimestamp(deadline) };
  return { case: 'infer' as const, value: { ...value, inputs: inputs.map(writeTensor) } };
}

function writeAnswer(reply: InferenceAnswer) {
  if (!reply.ok) return { case: 'refused' as const, value: writeRefusals(reply.refusals) };
  if (reply.value.kind === 'models')
    return { case: 'models' as const, value: { models: reply.value.models.map((one) => ({ ...one })) } };
  const { requestId, model, version, provider, outputs, took } = reply.value;
  const value = { requestId, model, version, provider, outputs: outputs.map(writeTensor), tookUs: BigInt(took) };
  return { case: 'inferred' as const, value };
}

const writeTensor = ({ name, shape, data }: Tensor) => ({ name, shape: shape.map(BigInt), data: [...data] });

function readTensor({ name, shape, data }: wire.Tensor, at: string): Tensor {
  return { name: readText(name, `${at}.name`), shape: shape.map(Number), data };
}

function readModel({ model, version, provider, sha256, edge, edgeText }: wire.ModelStatus, at: string): InferenceModel {
  return {
    model: readText(model, `${at}.model`),
    version: readText(version, `${at}.version`),
    provider,
    sha256,
    edge,
    edgeText,
  };
}

function readInferred({ outputs, tookUs, ...answer }: wire.Inferred, at: string) {
  const { requestId, model, version, provider } = answer;
  const read = readAll(outputs, `${at}.outputs`, readTensor);
  return { kind: 'inferred' as const, requestId, model, version, provider, outputs: read, took: Number(tookUs) };
}

const readModels = ({ models }: wire.Models, at: string) => ({
  kind: 'models' as const,
  models: readAll(models, at, readModel),
});
