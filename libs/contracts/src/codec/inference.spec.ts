import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { UnreadableMessage } from '../contract.js';
import * as wire from '../generated/scalpstorm/inference/v1/inference_pb.js';
import { inferenceQuestion, predictionMade } from './inference.js';

const outlook = { probability: 0.5, winBps: 8, lossBps: 7 };
const whole = {
  meta: { eventId: 'e1', occurredAtUs: 1n, recordedAtUs: 2n },
  prediction: {
    instrumentId: 'sim:BTC-USDT',
    model: 'direction',
    version: '1',
    up: outlook,
    down: outlook,
    horizonUs: 8_000_000n,
    occurredAtUs: 1n,
    validUntilUs: 1_000_001n,
  },
};
const read = (prediction: object) =>
  predictionMade.decode(
    toBinary(
      wire.PredictionMadeSchema,
      create(wire.PredictionMadeSchema, { ...whole, prediction: { ...whole.prediction, ...prediction } }),
    ),
  );

describe('a prediction from the wire', () => {
  it('is read when it is whole', () => {
    expect(read({}).prediction).toMatchObject({ model: 'direction', up: outlook, validUntil: 1_000_001 });
  });

  it.each([
    ['a probability above 1', { up: { ...outlook, probability: 1.01 } }],
    ['a probability below 0', { down: { ...outlook, probability: -0.01 } }],
    ['a probability that is no number', { up: { ...outlook, probability: Number.NaN } }],
    ['a gain that is not finite', { up: { ...outlook, winBps: Number.POSITIVE_INFINITY } }],
    ['no outlook', { down: undefined }],
    ['no model', { model: '' }],
    ['no instrument', { instrumentId: '' }],
    ['no end', { validUntilUs: 0n }],
  ])('is poison with %s', (_what, change) => {
    expect(() => read(change)).toThrow(UnreadableMessage);
  });

  it('is no question without one', () => {
    expect(() => inferenceQuestion.request.decode(new Uint8Array())).toThrow(UnreadableMessage);
  });
});
