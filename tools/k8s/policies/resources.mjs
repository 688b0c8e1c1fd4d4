import { failuresOf } from '../overlay.mjs';

/** A misspelt name is a resource that no node has, so the pod waits for ever. */
const known = ['cpu', 'memory', 'ephemeral-storage', 'nvidia.com/gpu'];
const gpu = 'nvidia.com/gpu';
const units = { '': 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Resources that exist, in amounts that the server takes. */
export function resourceFailures(overlay) {
  const say = failuresOf(overlay);
  return overlay.workloads.flatMap((workload) => {
    const fail = (code, text) => say(workload.where, code, text);
    return [
      ...workload.everyContainer.flatMap((container) => amounts(container, fail)),
      ...tolerations(workload, fail),
    ];
  });
}

function amounts({ name, resources: { requests = {}, limits = {} } = {} }, fail) {
  const named = [...new Set([...Object.keys(requests), ...Object.keys(limits)])];
  const unknown = named.filter((what) => !known.includes(what));
  const above = named.filter((what) => amountOf(requests[what]) > amountOf(limits[what]));
  return [
    ...unknown.map((what) =>
      fail('RESOURCE_UNKNOWN', `${name} asks for ${what}, which is none of ${known.join(', ')}`),
    ),
    ...above.map((what) =>
      fail('REQUEST_ABOVE_LIMIT', `${name} requests ${requests[what]} of ${what} and may have ${limits[what]}`),
    ),
  ];
}

/** Not a number where there is none, or where it can not be read, which the schema says. */
function amountOf(quantity) {
  const [, digits, unit] = /^([\d.]+)([A-Za-z]*)$/.exec(String(quantity ?? '')) ?? [];
  return Number(digits) * units[unit];
}

function tolerations({ pod, everyContainer }, fail) {
  const needs = everyContainer.some(({ resources = {} }) =>
    [...Object.keys(resources.limits ?? {}), ...Object.keys(resources.requests ?? {})].some((what) =>
      what.startsWith('nvidia.com/'),
    ),
  );
  const tolerates = (pod.tolerations ?? []).some(
    ({ key, operator = 'Equal', effect }) =>
      key === gpu && operator === 'Exists' && (effect === undefined || effect === 'NoSchedule'),
  );
  if (needs === tolerates) return [];
  return [
    needs
      ? fail('TOLERATION_MISSING', `asks for a GPU and does not tolerate the taint ${gpu}`)
      : fail('TOLERATION_IDLE', `tolerates the taint ${gpu} and asks for no GPU`),
  ];
}
