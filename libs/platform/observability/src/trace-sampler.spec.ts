import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace-base';
import { BoundedSampler } from './trace-sampler.js';
import { extractForeignTrace, extractTrace } from './tracing.js';

const idOf = (index: number): string => index.toString(16).padStart(8, '0').repeat(3).padStart(32, 'a');
const parentOf = (flags: string) => ({ traceparent: `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}` });

describe('the sampler', () => {
  const isRecorded = (sampler: BoundedSampler, place = ROOT_CONTEXT, id = idOf(1)) =>
    sampler.shouldSample(place, id).decision === SamplingDecision.RECORD_AND_SAMPLED;

  it('records a share of the traces that begin here', () => {
    const half = new BoundedSampler({ ratio: 0.5, perSecondMax: 1_000_000 });
    const ids = Array.from({ length: 1_000 }, (_, index) =>
      ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0'),
    );
    const recorded = ids.filter((id) => isRecorded(half, ROOT_CONTEXT, id.padEnd(32, '0')));
    expect(recorded.length).toBeGreaterThan(400);
    expect(recorded.length).toBeLessThan(600);
    expect(isRecorded(new BoundedSampler({ ratio: 0, perSecondMax: 10 }))).toBe(false);
  });

  it('records no more than so many a second, and goes on in the next', () => {
    let now = 0;
    const sampler = new BoundedSampler({ ratio: 1, perSecondMax: 3, now: () => now });
    const burst = () => Array.from({ length: 10 }, () => isRecorded(sampler)).filter(Boolean).length;
    expect(burst()).toBe(3);
    now = 1_000;
    expect(burst()).toBe(3);
    now = 1_334;
    expect(burst()).toBe(1);
  });

  it('does what the parent does, unless that is nobody of ours', () => {
    const sampler = new BoundedSampler({ ratio: 0, perSecondMax: 1 });
    expect(isRecorded(sampler, extractTrace(parentOf('01')))).toBe(true);
    expect(isRecorded(sampler, extractTrace(parentOf('00')))).toBe(false);
    expect(isRecorded(sampler, extractForeignTrace(parentOf('01')))).toBe(false);
    const all = new BoundedSampler({ ratio: 1, perSecondMax: 1 });
    expect(isRecorded(all, extractForeignTrace(parentOf('00')))).toBe(true);
  });
});
