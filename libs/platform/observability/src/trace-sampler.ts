import { type Context, isSpanContextValid, trace } from '@opentelemetry/api';
import {
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { isSampled } from './traceparent.js';
import { isFromOutside } from './tracing.js';

export interface SamplerSettings {
  /** Of the traces that begin here, 0 to 1. */
  readonly ratio: number;
  /** More than these are not recorded, however many begin. */
  readonly perSecondMax: number;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

const record: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };
const leaveOut: SamplingResult = { decision: SamplingDecision.NOT_RECORD };

/**
 * A trace is recorded as a whole or not at all: what has a parent does as the parent does. Of those that begin here a share is
 * recorded, and no more than so many a second, so that the cost is bounded whatever the load.
 */
export class BoundedSampler implements Sampler {
  private readonly share: TraceIdRatioBasedSampler;
  private readonly now: () => number;
  private allowed: number;
  private refilledAt: number;

  constructor(private readonly settings: SamplerSettings) {
    this.share = new TraceIdRatioBasedSampler(settings.ratio);
    this.now = settings.now ?? (() => performance.now());
    this.allowed = settings.perSecondMax;
    this.refilledAt = this.now();
  }

  shouldSample(place: Context, traceId: string): SamplingResult {
    const parent = trace.getSpanContext(place);
    if (parent !== undefined && isSpanContextValid(parent) && !isFromOutside(place))
      return isSampled(parent) ? record : leaveOut;
    const wanted = this.share.shouldSample(place, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
    return wanted && this.take() ? record : leaveOut;
  }

  toString(): string {
    return `BoundedSampler{${this.settings.ratio}, ${this.settings.perSecondMax}/s}`;
  }

  private take(): boolean {
    const now = this.now();
    const { perSecondMax } = this.settings;
    this.allowed = Math.min(perSecondMax, this.allowed + ((now - this.refilledAt) / 1_000) * perSecondMax);
    this.refilledAt = now;
    if (this.allowed < 1) return false;
    this.allowed -= 1;
    return true;
  }
}
