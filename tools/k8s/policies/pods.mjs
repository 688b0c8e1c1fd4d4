import { failuresOf, selects } from '../overlay.mjs';

// Postgres counts its releases with two numbers, the others with three.
const pinned = /(:v?\d+\.\d+\.\d+(-[a-z0-9.-]+)?|^postgres:\d+\.\d+(-[a-z0-9.-]+)?|@sha256:[0-9a-f]{64})$/;
const allowedVolumes = ['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret', 'downwardAPI'];
const hostDoors = ['hostNetwork', 'hostPID', 'hostIPC'];
const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'];

/** What a pod must have before it may run: limits, probes, pinned images and the restricted profile of Pod Security. */
export function podFailures(overlay) {
  return overlay.workloads.flatMap((workload) => {
    const say = failuresOf(overlay);
    const fail = (code, text) => say(workload.where, code, text);
    return [
      ...podSecurity(workload, fail),
      ...workload.everyContainer.flatMap((container) => containerFailures(container, fail)),
      ...(workload.runsOn ? workload.containers.flatMap((container) => probeFailures(container, workload, fail)) : []),
      ...priority(overlay, workload, fail),
      ...identity(workload, fail),
    ];
  });
}

function podSecurity({ pod }, fail) {
  const { securityContext: context = {}, volumes = [] } = pod;
  const opened = hostDoors.filter((door) => pod[door] === true);
  const foreign = volumes.filter((volume) => !allowedVolumes.some((kind) => kind in volume));
  return [
    ...(context.runAsNonRoot === true && context.runAsUser > 0 ? [] : [fail('RUNS_AS_ROOT', 'names no user above 0')]),
    ...(context.seccompProfile?.type === 'RuntimeDefault' ? [] : [fail('SECCOMP_MISSING', 'is not RuntimeDefault')]),
    ...(pod.automountServiceAccountToken === false ? [] : [fail('TOKEN_MOUNTED', 'mounts a service account token')]),
    ...(pod.enableServiceLinks === false ? [] : [fail('SERVICE_LINKS', 'gets variables that nobody wrote')]),
    ...opened.map((door) => fail('HOST_DOOR', `opens ${door}`)),
    ...foreign.map(({ name }) => fail('VOLUME_KIND', `${name} is of a kind that the restricted profile refuses`)),
  ];
}

function containerFailures({ name, image = '', resources = {}, securityContext: context = {} }, fail) {
  const missing = ['requests', 'limits'].flatMap((side) =>
    ['cpu', 'memory'].filter((what) => resources[side]?.[what] === undefined).map((what) => `${side}.${what}`),
  );
  const dropsAll = context.capabilities?.drop?.includes('ALL') && context.capabilities.add === undefined;
  return [
    ...missing.map((what) => fail('LIMIT_MISSING', `${name} has no ${what}`)),
    ...(pinned.test(image)
      ? []
      : [fail('IMAGE_NOT_PINNED', `${name} runs ${image}, which may be another one tomorrow`)]),
    ...(context.privileged ? [fail('PRIVILEGED', `${name} is privileged`)] : []),
    ...(context.allowPrivilegeEscalation === false
      ? []
      : [fail('PRIVILEGE_ESCALATION', `${name} may gain privileges`)]),
    ...(context.readOnlyRootFilesystem === true ? [] : [fail('ROOT_WRITABLE', `${name} may write into its image`)]),
    ...(dropsAll ? [] : [fail('CAPABILITIES', `${name} keeps capabilities`)]),
  ];
}

function probeFailures(container, { isService }, fail) {
  const ports = new Set((container.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]));
  const faults = probes.flatMap((kind) => {
    const probe = container[kind];
    if (probe === undefined) return [fail('PROBE_MISSING', `${container.name} has no ${kind}`)];
    const port = (probe.httpGet ?? probe.tcpSocket)?.port;
    return port === undefined || ports.has(port)
      ? []
      : [fail('PROBE_PORT', `${kind} asks ${port}, no port of ${container.name}`)];
  });
  if (!isService) return faults;
  const wanted = { startupProbe: '/health/live', readinessProbe: '/health/ready', livenessProbe: '/health/live' };
  const strayed = probes.filter((kind) => {
    const asked = container[kind]?.httpGet;
    return container[kind] !== undefined && (asked?.path !== wanted[kind] || asked.port !== 'operations');
  });
  return [
    ...faults,
    ...strayed.map((kind) => fail('PROBE_PATH', `${kind} asks for another thing than ${wanted[kind]}`)),
  ];
}

function priority(overlay, { pod }, fail) {
  const name = pod.priorityClassName;
  return overlay.named('PriorityClass', name) ? [] : [fail('PRIORITY_UNKNOWN', `there is no PriorityClass ${name}`)];
}

/** By its labels a pod is found: by its own controller, by policies, by Prometheus and by whoever waits for its end. */
function identity({ object, labels, isService }, fail) {
  const { selector } = object.spec;
  return [
    ...(selector === undefined || selects(selector, labels)
      ? []
      : [fail('SELECTOR_DIFFERS', 'does not select its own pods')]),
    ...(object.kind === 'Deployment' && !isService
      ? [fail('SHAPE_MISSING', 'its pods have no label scalpstorm/shape=service')]
      : []),
  ];
}
