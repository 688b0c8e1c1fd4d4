/** How well probabilities tell what happened. Undefined figures are NaN, never a flattering number. */
export interface Figures {
  readonly rows: number;
  /** Share of rows that won: what somebody says who looks at nothing. */
  readonly baseRate: number;
  /** ½: no better than chance. */
  readonly auc: number;
  /** In nats; and what the base rate of the training rows alone would have got. */
  readonly logLoss: number;
  readonly logLossBase: number;
  readonly brier: number;
  readonly brierBase: number;
  /** Mean distance between told and seen share over ten bins of equal size. */
  readonly calibrationError: number;
}

const surest = 1e-7;

export function figuresOf(probabilities: Float64Array, won: Uint8Array, trainBaseRate: number): Figures {
  const rows = won.length;
  const base = Float64Array.from(won, () => trainBaseRate);
  return {
    rows,
    baseRate: meanOf(won),
    auc: aucOf(probabilities, won),
    logLoss: logLossOf(probabilities, won),
    logLossBase: logLossOf(base, won),
    brier: brierOf(probabilities, won),
    brierBase: brierOf(base, won),
    calibrationError: calibrationErrorOf(probabilities, won),
  };
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] ?? 0;
  return sum / values.length;
}

/** The chance that a row that won was told a higher probability than one that did not; ties count half (Mann and Whitney). */
export function aucOf(probabilities: Float64Array, won: Uint8Array): number {
  const order = orderOf(probabilities);
  let rankSum = 0;
  let wins = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && probabilities[order[to] ?? 0] === probabilities[order[from] ?? 0]) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let place = from; place < to; place += 1) {
      if (won[order[place] ?? 0] !== 1) continue;
      rankSum += rank;
      wins += 1;
    }
    from = to;
  }
  return (rankSum - (wins * (wins + 1)) / 2) / (wins * (won.length - wins));
}

export function logLossOf(probabilities: Float64Array, won: Uint8Array): number {
  return meanOf(probabilities.map((told, row) => -Math.log(Math.max(surest, won[row] === 1 ? told : 1 - told))));
}

export const brierOf = (probabilities: Float64Array, won: Uint8Array): number =>
  meanOf(probabilities.map((told, row) => (told - (won[row] ?? 0)) ** 2));

const bins = 10;

function calibrationErrorOf(probabilities: Float64Array, won: Uint8Array): number {
  const order = orderOf(probabilities);
  const size = Math.ceil(order.length / bins);
  let error = 0;
  for (let from = 0; from < order.length; from += size) {
    const rows = order.subarray(from, from + size);
    const told = meanOf(Float64Array.from(rows, (row) => probabilities[row] ?? 0));
    const seen = meanOf(Uint8Array.from(rows, (row) => won[row] ?? 0));
    error += (Math.abs(told - seen) * rows.length) / order.length;
  }
  return error;
}

function orderOf(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, index) => index).sort(
    (left, right) => (values[left] ?? 0) - (values[right] ?? 0),
  );
}

/** What acting on the probabilities would have earned: entered where the expected net was above nothing. */
export interface Acting {
  /** Rows with an expected gain after fees, of all rows; they overlap in time. */
  readonly rows: number;
  /** Of those, the share that gained after fees, and the mean net in basis points. NaN without any. */
  readonly hitRate: number;
  readonly netBps: number;
  /** The same if every row had been acted on: the base rate after fees. */
  readonly hitRateOfAll: number;
  readonly netBpsOfAll: number;
  /** One entry after the other, none while one is open: closer to a bot. */
  readonly trades: number;
  readonly tradesHitRate: number;
  readonly tradesNetBps: number;
  /** Mean ÷ its standard error. Below about 2 it may well be luck. */
  readonly tradesT: number;
}

export interface ActingRows {
  readonly times: Float64Array;
  /** Expected gain after fees, in basis points. */
  readonly expectedBps: Float64Array;
  /** What came of it, before fees. */
  readonly grossBps: Float64Array;
}

/** @param feesBps of the entry and the exit together @param busy how long an entry keeps a bot from the next */
export function actingOf({ times, expectedBps, grossBps }: ActingRows, feesBps: number, busy: number): Acting {
  const nets = grossBps.map((gross) => gross - feesBps);
  const chosen = Array.from(expectedBps.keys()).filter((row) => (expectedBps[row] ?? 0) > 0);
  const oneByOne: number[] = [];
  let freeAt = 0;
  for (const row of chosen) {
    if ((times[row] ?? 0) < freeAt) continue;
    oneByOne.push(row);
    freeAt = (times[row] ?? 0) + busy;
  }
  const net = (rows: readonly number[]) => rows.map((row) => nets[row] ?? 0);
  const hits = (values: ArrayLike<number>) => meanOf(Array.from(values, (value) => (value > 0 ? 1 : 0)));
  return {
    rows: chosen.length,
    hitRate: hits(net(chosen)),
    netBps: meanOf(net(chosen)),
    hitRateOfAll: hits(nets),
    netBpsOfAll: meanOf(nets),
    trades: oneByOne.length,
    tradesHitRate: hits(net(oneByOne)),
    tradesNetBps: meanOf(net(oneByOne)),
    tradesT: tOf(net(oneByOne)),
  };
}

function tOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const variance = meanOf(values.map((value) => (value - mean) ** 2));
  return mean / Math.sqrt(variance / (values.length - 1));
}
