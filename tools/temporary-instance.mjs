import { claimInstance, removeInstance, sweepTemporary } from './instance.mjs';
import { endingSignals, watchParent } from './parent.mjs';

/**
 * Does the work in an instance that goes with it. `atEnd(end)` names what ends something that the work began; that happens also
 * when a signal, or the end of whoever started this process, comes first.
 * @template Result
 * @param {string} kind begins the instance's name; what an earlier process of the kind left is swept
 * @param {(instance: Awaited<ReturnType<typeof claimInstance>>, atEnd: (end: () => unknown) => void) => Promise<Result>} work
 * @returns {Promise<Result | undefined>} undefined when it was interrupted
 */
export async function inTemporaryInstance(kind, work) {
  await sweepTemporary(`${kind}-`);
  const instance = await claimInstance(`${kind}-${process.pid}`, { temporary: true });
  const ends = [];
  const interrupted = new Promise((end) => {
    for (const name of endingSignals) process.on(name, () => end(undefined));
    watchParent(() => end(undefined));
  });
  try {
    return await Promise.race([work(instance, (end) => ends.push(end)), interrupted]);
  } finally {
    for (const end of ends) await end();
    removeInstance(instance.name);
    instance.release();
  }
}
