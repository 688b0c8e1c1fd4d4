import { destinationsOf } from '../addresses.mjs';
import { failuresOf } from '../overlay.mjs';
import { literalsOf } from '../render.mjs';

const databases = ['POSTGRES_URL', 'POSTGRES_ADMIN_URL'];

/** What an operator decides, and a default must not. */
export function decisionFailures(overlay, environments) {
  const say = failuresOf(overlay);
  return overlay.workloads.flatMap((workload) => {
    const fail = (code, text) => say(workload.where, code, text);
    const variables = environments.get(workload.where) ?? {};
    return [...live(overlay, variables, fail), ...encrypted(overlay, { workload, variables }, fail)];
  });
}

/** Live trading is switched on in the overlay whose accounts trade, and nowhere that others take over. */
function live(overlay, { LIVE_TRADING }, fail) {
  if (LIVE_TRADING === undefined || LIVE_TRADING.value === 'no') return [];
  const [folder] = overlay.name.split(' + ');
  if (literalsOf(folder).includes(`LIVE_TRADING=${LIVE_TRADING.value}`)) return [];
  return [fail('LIVE_TRADING', `is ${LIVE_TRADING.value}, and overlays/${folder} does not say so itself`)];
}

/** A server of another network is asked for its certificate. */
function encrypted(overlay, { workload, variables }, fail) {
  const { outside } = destinationsOf(overlay, workload, variables);
  return outside
    .filter(({ because }) => databases.includes(because))
    .filter(({ because }) => URL.parse(variables[because].value)?.searchParams.get('sslmode') !== 'verify-full')
    .map(({ because, host }) => fail('POSTGRES_IN_CLEAR', `${because} leads to ${host} without sslmode=verify-full`));
}
