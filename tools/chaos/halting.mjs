// The emergency brake as a person uses it: pressed until it is answered, and released in the end whatever happens between.
import { until } from '../recovery/run.mjs';

const answersMs = 60_000;

/** Asks until it is answered: the gateway, or the gate behind it, may be away. */
async function insist(run, ask) {
  let answer;
  let failure;
  const answered = await until(async () => {
    answer = await run.again(ask).catch((error) => {
      failure = error;
    });
    return answer !== undefined;
  }, answersMs);
  if (!answered) throw failure;
  return answer;
}

export const release = (run) => insist(run, () => run.client.release('chaos'));

/**
 * Halts, does the work and releases. It counts as halted from the answer on, until the release is asked for.
 * @returns {Promise<{heldMs: number, violations: readonly string[]}>}
 */
export async function whileHalted(run, work) {
  const { client, halts } = run;
  const { state } = await insist(run, () => client.halt('chaos'));
  const halted = { from: Date.now(), to: Number.POSITIVE_INFINITY };
  const violations = state === 'halted' ? [] : [`a halt was answered with "${state}"`];
  halts.push(halted);
  try {
    await work();
    const { state: now } = await insist(run, () => client.tradingState());
    if (now !== 'halted')
      violations.push(
        `trading was halted at ${new Date(halted.from).toISOString()}, nobody released it, and at ${new Date().toISOString()} it is ${now}`,
      );
  } finally {
    halted.to = Date.now();
    await release(run);
  }
  return { heldMs: halted.to - halted.from, violations };
}
