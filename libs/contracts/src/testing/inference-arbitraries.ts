import type { Prediction } from '@scalpstorm/model';
import fc from 'fast-check';
import type { InferenceRequest, InferenceValue, Tensor } from '../index.js';
import { few, id, instrumentId, orNull, text, timestamp } from './value-arbitraries.js';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const outlook = fc.record({
  probability: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
  winBps: number,
  lossBps: number,
});

export const prediction: fc.Arbitrary<Prediction> = fc.record({
  instrumentId,
  model: id,
  version: id,
  up: outlook,
  down: outlook,
  horizon: fc.integer({ min: 1, max: 1e12 }),
  occurredAt: timestamp,
  validUntil: timestamp,
});

const tensor: fc.Arbitrary<Tensor> = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 6 })
  .chain((data) => fc.record({ name: id, shape: fc.constant([1, data.length]), data: fc.constant(data) }));

export const inferenceRequest: fc.Arbitrary<InferenceRequest> = fc.oneof(
  fc.record({
    kind: fc.constant('infer' as const),
    requestId: id,
    model: id,
    version: orNull(id),
    deadline: orNull(timestamp),
    inputs: few(tensor),
  }),
  fc.record({ kind: fc.constant('models' as const), requestId: id }),
);

export const inferenceValue: fc.Arbitrary<InferenceValue> = fc.oneof(
  fc.record({
    kind: fc.constant('inferred' as const),
    requestId: id,
    model: id,
    version: id,
    provider: id,
    outputs: few(tensor),
    took: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('models' as const),
    models: few(fc.record({ model: id, version: id, provider: id, sha256: id, edge: fc.boolean(), edgeText: text })),
  }),
);
