import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import fc from 'fast-check';
import { readInfer, retryAfterOf, statusOf } from './open-inference.js';

const now = Timestamp.fromMicros(1_000);
const place = { model: 'direction', version: null };

describe('a request of the Open Inference Protocol', () => {
  it('may write its tensor flat or as nested lists', () => {
    const read = (data: unknown) =>
      readInfer({ inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data }] }, place, now);
    const wanted = { inputs: [{ name: 'x', shape: [2, 2], data: [1, 2, 3, 4] }] };
    expect(read([1, 2, 3, 4])).toMatchObject(wanted);
    expect(
      read([
        [1, 2],
        [3, 4],
      ]),
    ).toMatchObject(wanted);
  });

  it('counts its time-out from its arrival', () => {
    const body = { id: 'a', parameters: { timeout: 500 }, inputs: [] };
    expect(readInfer(body, place, now)).toMatchObject({ requestId: 'a', deadline: 1_500 });
    expect(readInfer({ inputs: [] }, place, now)).toMatchObject({ deadline: null });
  });

  it('is read or refused with 400, whatever it is', () => {
    const input = fc.record(
      { name: fc.anything(), shape: fc.anything(), datatype: fc.anything(), data: fc.anything() },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.anything(),
      fc.record({ inputs: fc.oneof(fc.anything(), fc.array(input)), id: fc.anything() }),
    );
    fc.assert(
      fc.property(body, (value) => {
        const read = readInfer(value, place, now);
        if ('code' in read) expect(statusOf(read)).toBe(400);
        else for (const { data } of read.inputs) expect(data.every((one) => typeof one === 'number')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is told when to come back where that may help', () => {
    const refusal = (code: string) => ({ code, field: '', text: '', allowed: '', next: '' });
    expect([statusOf(refusal('QUEUE_FULL')), retryAfterOf(refusal('QUEUE_FULL'))]).toEqual([503, 1]);
    expect([statusOf(refusal('MODEL_UNAVAILABLE')), retryAfterOf(refusal('MODEL_UNAVAILABLE'))]).toEqual([503, 30]);
    expect([statusOf(refusal('INPUT_SHAPE')), retryAfterOf(refusal('INPUT_SHAPE'))]).toEqual([400, null]);
  });

  it('does not run out of stack by lists in lists', () => {
    let data: unknown = 1;
    for (let depth = 0; depth < 50_000; depth += 1) data = [data];
    const read = readInfer({ inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [data] }] }, place, now);
    expect('code' in read ? null : read.inputs[0]?.data).toEqual([Number.NaN]);
  });
});
