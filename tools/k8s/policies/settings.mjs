import { environmentOf } from '../environment.mjs';
import { failuresOf, whereOf } from '../overlay.mjs';
import { settingFaults } from '../settings.mjs';

const ownImage = /\/scalpstorm-([a-z-]+)[:@]/;
/** Images with another program's name. */
const programs = { 'inference-gpu': 'inference' };
/** The port that a setting opens, by the name that it has in the pod. */
const portNames = { OPERATIONS_PORT: 'operations', PORT: 'http', GRPC_PORT: 'grpc' };
const example = 'dev';

/**
 * Every variable of every container is one that its program knows, with a value that it takes; every one that it needs is there.
 * @returns {Promise<{failures: readonly object[], environments: Map<string, object>}>} what each pod's own variables are, too
 */
export async function settingFailures(overlay) {
  const say = failuresOf(overlay);
  const environments = new Map();
  const failures = [...secretsInTheClear(overlay, say)];
  for (const workload of overlay.workloads) {
    const told = {};
    for (const container of workload.everyContainer) {
      const { variables, faults } = environmentOf(overlay, container);
      if (workload.containers.includes(container)) Object.assign(told, variables);
      const values = Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));
      const image = container.command === undefined ? ownImage.exec(container.image)?.[1] : undefined;
      const program = programs[image] ?? image;
      const asked = { args: container.args ?? [], variables: values };
      const wrong = program === undefined ? [] : await settingFaults(program, asked);
      failures.push(...faults.map(({ code, text }) => say(workload.where, code, text)));
      failures.push(...wrong.map((text) => say(workload.where, 'SETTING', text)));
      if (program !== undefined) failures.push(...portFailures(container, values, say.bind(null, workload.where)));
    }
    environments.set(workload.where, told);
  }
  return { failures, environments };
}

function portFailures({ ports = [] }, values, fail) {
  return Object.entries(portNames).flatMap(([variable, name]) => {
    const open = ports.find((port) => port.name === name)?.containerPort;
    if (!(variable in values) || String(open) === values[variable]) return [];
    return [fail('PORT_DIFFERS', `${variable} is ${values[variable]}, the port ${name} of the pod is ${open}`)];
  });
}

function secretsInTheClear(overlay, say) {
  if (overlay.name === example) return [];
  return overlay
    .of('Secret')
    .map((object) => say(whereOf(object), 'SECRET_IN_CLEAR', 'is written down in the repository'));
}
