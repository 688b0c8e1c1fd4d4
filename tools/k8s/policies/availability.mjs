import { failuresOf, selects, whereOf } from '../overlay.mjs';

/** One at a time, each for the reason that its file tells. */
const oneAtATime = ['market-data', 'strategy', 'risk-gate', 'execution', 'notifications', 'inference'];
const onDemand = ['kafka-bridge', 'inference-gpu'];
const mayGrow = ['gateway', 'research'];

/** What keeps the platform up while nodes come and go, and what may never be two. */
export function availabilityFailures(overlay) {
  const say = failuresOf(overlay);
  return [
    ...missing(overlay, say),
    ...singleWriters(overlay, say),
    ...autoscalers(overlay, say),
    ...budgets(overlay, say),
    ...spread(overlay, say),
  ];
}

function missing(overlay, say) {
  const names = new Set(overlay.workloads.map(({ name }) => name));
  const wanted = [...oneAtATime, ...mayGrow, 'setup', 'nats', 'redis'].filter((name) => !names.has(name));
  return wanted.map((name) => say(name, 'SERVICE_MISSING', 'is not there'));
}

function singleWriters(overlay, say) {
  return [...oneAtATime, ...onDemand].flatMap((name) => {
    const workload = overlay.workloads.find((one) => one.name === name);
    if (workload === undefined) return [];
    const isOne = workload.replicas === 1 && workload.strategy?.type === 'Recreate';
    return isOne ? [] : [say(workload.where, 'TWO_WRITERS', 'must be one replica with the strategy Recreate')];
  });
}

function autoscalers(overlay, say) {
  return overlay.of('HorizontalPodAutoscaler').flatMap((object) => {
    const { kind, name } = object.spec.scaleTargetRef;
    const target = overlay.workloads.find((one) => one.object.kind === kind && one.name === name);
    const fail = (code, text) => [say(whereOf(object), code, text)];
    if (target === undefined) return fail('AUTOSCALER_TARGET', `there is no ${kind}/${name}`);
    if (!mayGrow.includes(name)) return fail('AUTOSCALER_ON_WRITER', `${name} may not be more than one`);
    if (target.object.spec.replicas === undefined) return [];
    return fail('REPLICAS_FIXED', `${name} names replicas, and every roll-out would set them back`);
  });
}

function budgets(overlay, say) {
  const all = overlay.of('PodDisruptionBudget');
  const running = overlay.workloads.filter(({ runsOn }) => runsOn);
  const idle = all.filter(({ spec }) => !running.some(({ labels }) => selects(spec.selector, labels)));
  const uncovered = running.filter(
    ({ labels }) => all.filter(({ spec }) => selects(spec.selector, labels)).length !== 1,
  );
  const blocking = all.filter(({ spec }) => spec.maxUnavailable === undefined || spec.maxUnavailable === 0);
  return [
    ...idle.map((object) => say(whereOf(object), 'BUDGET_IDLE', 'its selector matches no pod')),
    ...uncovered.map(({ where }) => say(where, 'BUDGET_MISSING', 'is not in exactly one PodDisruptionBudget')),
    ...blocking.map((object) => say(whereOf(object), 'BUDGET_BLOCKS', 'lets no node be drained')),
  ];
}

function spread(overlay, say) {
  const grown = new Set(overlay.of('HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name));
  return overlay.workloads
    .filter(({ name, replicas }) => replicas > 1 || grown.has(name))
    .filter(({ pod, labels }) => {
      const constraints = pod.topologySpreadConstraints ?? [];
      return constraints.length === 0 || !constraints.every(({ labelSelector }) => selects(labelSelector, labels));
    })
    .map(({ where }) => say(where, 'NOT_SPREAD', 'may have all its pods on one node'));
}
