import { failuresOf } from '../overlay.mjs';

/** What a pod needs to end by itself: five seconds for a service; NATS sends its clients away first, Postgres writes down what it has. */
const graceSeconds = { nats: 45, postgres: 30 };
const graceOfOthers = 10;
/** A busy node makes a program slow; that is no reason to kill it. */
const aliveSeconds = 30;
const answerSeconds = 5;
/** Whoever is not ready for so long gets nothing more to do. */
const readySecondsMax = 60;

/** How long a pod may take for its start, its answers and its end. */
export function patienceFailures(overlay) {
  const say = failuresOf(overlay);
  return overlay.workloads
    .filter(({ runsOn }) => runsOn)
    .flatMap((workload) => {
      const fail = (code, text) => say(workload.where, code, text);
      return [...grace(workload, fail), ...workload.containers.flatMap((container) => probes(container, fail))];
    });
}

function grace({ name, pod, containers }, fail) {
  const asleep = Math.max(0, ...containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0));
  const needed = (graceSeconds[name] ?? graceOfOthers) + asleep;
  const { terminationGracePeriodSeconds: given = 30 } = pod;
  return given >= needed ? [] : [fail('GRACE_TOO_SHORT', `is killed after ${given} s and needs up to ${needed}`)];
}

function probes({ name, startupProbe, livenessProbe, readinessProbe }, fail) {
  const faults = [];
  const judge = (probe, isWrong, text) => {
    if (probe !== undefined && isWrong(timesOf(probe))) faults.push(fail('PROBE_IMPATIENT', `${name}: ${text}`));
  };
  judge(startupProbe, ({ whole }) => whole < aliveSeconds, `its startupProbe gives up before ${aliveSeconds} s`);
  judge(
    livenessProbe,
    ({ whole, failures, timeout }) => whole < aliveSeconds || failures < 3 || timeout < answerSeconds,
    `its livenessProbe kills in less than ${aliveSeconds} s, after fewer than 3 answers, or waits less than ${answerSeconds} s for one`,
  );
  judge(readinessProbe, ({ failures }) => failures < 2, 'its readinessProbe takes it out after one answer');
  judge(
    readinessProbe,
    ({ whole }) => whole > readySecondsMax,
    `its readinessProbe waits longer than ${readySecondsMax} s`,
  );
  return faults;
}

function timesOf({ periodSeconds = 10, failureThreshold = 3, timeoutSeconds = 1 }) {
  return { whole: periodSeconds * failureThreshold, failures: failureThreshold, timeout: timeoutSeconds };
}
