import { createChildren } from './children.mjs';
import { claimInstance, removeInstance, sweepTemporary } from './instance.mjs';
import { endingSignals, watchParent } from './parent.mjs';
import { startServers } from './servers.mjs';
import { testEnvironment } from './test-environment.mjs';

/**
 * Starts servers of its own for one run, and ends them however the run ends.
 * @param {string} prefix of the instance's name; what killed runs of that prefix left behind is removed first
 * @param {(environment: Record<string, string>, onStart: (child: object) => void) => Promise<number>} work hands every process
 *   that it starts to `onStart`, so that it is ended with the servers
 * @returns {Promise<number>} the exit code of the work
 */
export async function withTemporaryServers(prefix, work) {
  await sweepTemporary(prefix);
  const instance = await claimInstance(`${prefix}${process.pid}`, { temporary: true });
  const children = createChildren({ onChange: instance.record, temporary: instance.directory });
  const end = async () => {
    await children.endAll();
    removeInstance(instance.name);
    instance.release();
  };
  const onStart = (child) => children.adopt(child, { name: 'work', tier: 'service' });
  const interrupted = new Promise((resolve) => {
    for (const name of endingSignals) process.on(name, () => resolve(130));
    watchParent(() => resolve(143));
  });
  try {
    const run = startServers({ instance, children }).then((servers) => work(testEnvironment(servers), onStart));
    return await Promise.race([run, interrupted]);
  } finally {
    await end();
  }
}
