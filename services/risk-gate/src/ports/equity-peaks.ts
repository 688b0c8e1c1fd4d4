import type { EquityCount } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { RiskScope } from '@scalpstorm/model';

export interface KeptCount {
  readonly scope: RiskScope;
  readonly count: EquityCount;
  readonly countedAt: Timestamp;
}

/** How much accounts were worth at most, so that a restart forgives no loss. */
export abstract class EquityPeaks {
  abstract load(): Promise<readonly KeptCount[]>;
  /** Durable when it resolves. */
  abstract keep(kept: KeptCount): Promise<void>;
}
