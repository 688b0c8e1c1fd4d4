import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { spawned } from '../children.mjs';
import { Failure } from '../failure.mjs';
import { freePort } from '../ports.mjs';
import { cachedFolder } from '../servers/cache.mjs';
import { waitUntil } from '../servers/probe.mjs';
import { resolveServer } from '../servers/resolve.mjs';
import { relocate } from './alertmanager.mjs';

const packages = ['prometheus', 'promtool', 'prometheus-alertmanager'];
const readyMs = 60_000;

const archive = { name: 'prometheus-2.53', suite: 'trixie', packages };

const provisioned = (program) => async (context) => {
  const folder = await cachedFolder(context.cache, archive);
  return program === 'alertmanager' ? relocate(folder) : { command: join(folder, 'usr/bin', program) };
};

/** The programs of Prometheus that the check runs: on the PATH, else from the distribution's archive. */
const programs = {
  prometheus: { label: 'Prometheus', range: { atLeast: [2, 45] } },
  promtool: { label: 'promtool', range: { atLeast: [2, 45] } },
  alertmanager: { label: 'Alertmanager', range: { atLeast: [0, 26] } },
  amtool: { label: 'amtool', range: { atLeast: [0, 26] } },
};

/**
 * @param {{environment: Record<string, string | undefined>, cache: string}} context
 * @returns {Promise<Record<keyof typeof programs, {command: string, cwd?: string}>>} where each is, and where it wants to run
 */
export async function findPrograms(context) {
  const found = {};
  for (const [program, { label, range }] of Object.entries(programs)) {
    const definition = { kind: program, label, program, range, provision: provisioned(program) };
    const { from, command, cwd } = await resolveServer(definition, context).catch((cause) => {
      throw unavailable(label, program, cause);
    });
    if (from === 'docker') throw unavailable(label, program);
    found[program] = { command, cwd };
  }
  return found;
}

function unavailable(label, program, cause) {
  return new Failure('PROMETHEUS_UNAVAILABLE', `${label} could not be had on this machine.`, {
    details: cause?.details,
    next: `install ${program} on the PATH and run the same command again; a container is not used for it`,
    cause,
  });
}

/**
 * What deploy/prometheus says, but for the targets of this run, and quick: the rules are the ones that are shipped.
 * @param {string} text of the shipped configuration
 * @param {{operations: Record<string, string>, rules: string, everySeconds: number, alertmanager: string, prometheus: string}} run
 */
export function configurationFor(text, { operations, rules, everySeconds, alertmanager, prometheus }) {
  const shipped = parse(text);
  const every = `${everySeconds}s`;
  const services = Object.entries(operations).map(([service, url]) => ({
    targets: [new URL(url).host],
    labels: { service },
  }));
  const targetsOf = {
    scalpstorm: services,
    prometheus: [{ targets: [prometheus] }],
    alertmanager: [{ targets: [alertmanager] }],
  };
  return stringify({
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: [join(rules, '*.yml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    // Names of containers mean nothing here.
    scrape_configs: shipped.scrape_configs.map(({ dns_sd_configs: _, ...job }) => ({
      ...job,
      static_configs: targetsOf[job.job_name],
    })),
  });
}

/**
 * Starts Prometheus on a free port.
 * @param {{configure: (host: string) => string}} wanted `configure` is told its own host and port
 * @returns {Promise<string>} its address
 */
export async function startPrometheus({ command, configure, instance, children }) {
  const folder = instance.folder('prometheus');
  const file = join(folder, 'prometheus.yml');
  const port = await freePort();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, configure(`127.0.0.1:${port}`));
  const child = await spawned(
    children.start({
      name: 'prometheus',
      tier: 'server',
      command,
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--storage.tsdb.retention.time=1d',
      ],
      options: { cwd: folder },
      logFile: instance.logFile('prometheus'),
    }),
    'prometheus',
  );
  let running = true;
  child.once('exit', () => {
    running = false;
  });
  const address = `http://127.0.0.1:${port}`;
  const ready = async () => {
    const { ok, status } = await fetch(`${address}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    if (!ok) throw new Error(`Prometheus answered ${status}`);
  };
  await waitUntil(ready, { timeoutMs: readyMs, stillRunning: () => running });
  return address;
}
