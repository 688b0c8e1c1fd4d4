/** Why a backtest is refused or ended: what was wrong, where, and what to do. */
export interface BacktestFault {
  /** Stable, e.g. `ROW_NOT_IN_ORDER`. */
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

/** Something that does not end it, and that whoever reads the figures must know. */
export type BacktestWarning = BacktestFault;
