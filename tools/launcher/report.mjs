const none = { bots: 0, steps: 0, orders: 0 };

/**
 * The answer of a check: one line of JSON.
 * @param {{ok: boolean, bots?: readonly object[], reconciled?: boolean, processes?: readonly object[],
 *   replayed?: {bots: number, steps: number, orders: number}, seconds?: Record<string, number>, reason?: string}} outcome
 */
export function reportLine({
  ok,
  bots = [],
  reconciled = false,
  replayed = none,
  processes = [],
  seconds = {},
  reason,
}) {
  const { setup = 0, start = 0, trade = 0, stop = 0 } = seconds;
  return JSON.stringify({
    ok,
    bots: bots.map(({ id, strategy, cycles, fills, pnl }) => ({ id, strategy, cycles, fills, pnl })),
    reconciled,
    replayed,
    processes,
    seconds: { setup, start, trade, stop },
    ...(ok ? {} : { reason: reason ?? 'unknown' }),
  });
}

/** The same for a person. */
export function reportText({
  ok,
  bots = [],
  reconciled = false,
  replayed = none,
  processes = [],
  seconds = {},
  reason,
}) {
  const lines = bots.map((bot) => `  ${bot.name ?? bot.id}: ${bot.cycles} cycles, ${bot.fills} fills, ${bot.pnl}`);
  const used = processes.map(
    ({ name, memoryMiB, cpuPercent }) => `  ${name}: ${memoryMiB} MiB, ${cpuPercent} % of a core`,
  );
  const spent = Object.entries(seconds).map(([name, value]) => `${name} ${value} s`);
  return [
    ok ? 'The check passed.' : `The check failed: ${reason}`,
    ...lines,
    ...used,
    `  replayed: ${replayed.bots} bots, ${replayed.steps} steps, ${replayed.orders} orders alike`,
    `  reconciled: ${reconciled ? 'yes' : 'no'}; ${spent.join(', ')}`,
  ].join('\n');
}

/** Measures phases that follow one another; seconds with one decimal. */
export function createStopwatch(startedAt) {
  const seconds = {};
  let since = startedAt;
  return {
    lap: (name) => {
      seconds[name] = Math.round((Date.now() - since) / 100) / 10;
      since = Date.now();
    },
    seconds: () => ({ ...seconds }),
  };
}
