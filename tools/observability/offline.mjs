import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { runToEnd } from '../servers/apt.mjs';
import { faultsOfAlert, rulesFolder } from './shipped.mjs';

async function faultOf(where, command, args) {
  try {
    await runToEnd(command, args, { cwd: root });
    return [];
  } catch (error) {
    return [{ where, why: error.message }];
  }
}

/** The unit tests of the rules, one file each. */
export function ruleTests(folder = join(rulesFolder, 'tests')) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => join(folder, name));
}

/** Who is told of what, as Alertmanager itself resolves it. */
const routes = [
  { labels: ['alertname=ServiceDown', 'severity=page'], receivers: 'pages' },
  { labels: ['alertname=DeadLetters', 'severity=ticket'], receivers: 'tickets' },
  { labels: ['alertname=Watchdog', 'severity=heartbeat'], receivers: 'heartbeat' },
  { labels: ['alertname=AlertsNotDelivered', 'severity=page'], receivers: 'tickets,pages' },
];

function routeFaults(amtool, file) {
  return routes.map(({ labels, receivers }) => {
    const wanted = [`--config.file=${file}`, `--verify.receivers=${receivers}`];
    return faultOf(`route of ${labels[0]}`, amtool.command, ['config', 'routes', 'test', ...wanted, ...labels]);
  });
}

/** What Prometheus's own tools say of the shipped files, and what alerts lack; nothing is started. */
export async function offlineFaults({ programs, rules }) {
  const { promtool, amtool } = programs;
  const routesFile = join(root, 'deploy/alertmanager/alertmanager.yml');
  const faults = await Promise.all([
    faultOf('prometheus.yml', promtool.command, ['check', 'config', join(root, 'deploy/prometheus/prometheus.yml')]),
    faultOf('kubernetes.yml', promtool.command, ['check', 'config', join(root, 'deploy/prometheus/kubernetes.yml')]),
    faultOf('unit tests of rules', promtool.command, ['test', 'rules', ...ruleTests()]),
    faultOf('alertmanager.yml', amtool.command, ['check-config', routesFile]),
    ...routeFaults(amtool, routesFile),
  ]);
  const alerts = rules.filter(({ alert }) => alert !== null);
  return [...faults.flat(), ...alerts.flatMap((rule) => faultsOfAlert(rule))];
}
