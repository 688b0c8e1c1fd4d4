// What lies where: data in volumes that outlive a container, and the servers' files at the places where the servers look for them.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { parse } from 'yaml';
import { parseNatsConfig } from './nats-config.mjs';

/** `source:target[:ro]`, the longest target that holds the path. */
function mountOf(service, path) {
  const mounts = (service?.volumes ?? []).map((volume) => {
    const [source, target, mode] = volume.split(':');
    return { source, target, mode };
  });
  const holds = ({ target }) => path === target || path.startsWith(`${target}/`);
  return mounts.filter(holds).sort((a, b) => b.target.length - a.target.length)[0];
}

/** Where a file that a container sees comes from in the clone; undefined when it is the image's own. */
function sourceOf(service, path) {
  const mount = mountOf(service, path);
  if (mount === undefined || !mount.source.startsWith('.')) return undefined;
  return posix.join(mount.source, path.slice(mount.target.length));
}

const argumentOf = (service, name) => {
  const words = [service?.command ?? []].flat();
  const inOne = words.find((word) => word.startsWith(`${name}=`));
  return inOne === undefined ? words[words.indexOf(name) + 1] : inOne.slice(name.length + 1);
};

/** Of each server that keeps something: where it does so, as it is itself told. */
function dataFolders({ services, nats, imageOf }) {
  const exchange = imageOf('sim-exchange').command;
  return {
    nats: nats?.jetstream?.store_dir,
    postgres: services.postgres?.environment?.PGDATA ?? '/var/lib/postgresql/data',
    prometheus: argumentOf(services.prometheus, '--storage.tsdb.path'),
    alertmanager: argumentOf(services.alertmanager, '--storage.path'),
    grafana: services.grafana?.environment?.GF_PATHS_DATA ?? '/var/lib/grafana',
    kafka: services.kafka?.environment?.KAFKA_LOG_DIRS,
    'sim-exchange': exchange[exchange.indexOf('--state') + 1],
  };
}

function checkKept({ document: { services, volumes }, nats, imageOf, fail }) {
  for (const [name, folder] of Object.entries(dataFolders({ services, nats, imageOf }))) {
    const mount = folder === undefined ? undefined : mountOf(services[name], folder);
    if (mount === undefined || !Object.hasOwn(volumes, mount.source) || mount.mode === 'ro')
      fail(`${name}: no volume keeps ${folder ?? 'its data'}`);
  }
}

/** The server reads a configuration that is ours. @returns its place in the container */
function checkConfigured({ services, name, argument, file, fail }) {
  const path = argumentOf(services[name], argument);
  if (path !== undefined && sourceOf(services[name], path) === posix.normalize(file)) return path;
  fail(`${name}: ${argument} is ${path ?? 'not given'}, and ${file} is not mounted there`);
  return undefined;
}

function checkNats({ document: { services }, nats, fail }) {
  const path = checkConfigured({ services, name: 'nats', argument: '--config', file: 'deploy/nats/nats.conf', fail });
  const say = (problem) => fail(`deploy/nats/nats.conf: ${problem}`);
  if (nats === undefined) return;
  if (nats.jetstream?.sync_interval !== 'always')
    say('sync_interval is not always: a power cut takes what was acknowledged');
  if (nats.no_auth_user !== undefined) say('no_auth_user lets everybody in');
  const included = nats.authorization?.include;
  if (included === undefined) return say('authorization includes no users: everybody may say everything');
  if (path === undefined) return;
  const wanted = posix.join(dirname(path), included);
  const writer = services['nats-users'];
  const written = writer?.command?.[1] ?? '';
  const [from, to] = [mountOf(writer, written), mountOf(services.nats, wanted)];
  const inVolume = (mount, file) =>
    mount === undefined ? undefined : `${mount.source}:${file.slice(mount.target.length)}`;
  if (from === undefined || inVolume(from, written) !== inVolume(to, wanted))
    say(`includes ${wanted}, and nats-users writes ${written} into another volume`);
  for (const service of Object.values(services)) {
    const url = service.environment?.NATS_URL;
    if (URL.canParse(url) && new URL(url).port !== nats.port) say(`listens at ${nats.port}, and ${url} is asked`);
  }
  if (!JSON.stringify(services.nats?.healthcheck?.test ?? '').includes(`:${nats.http}/`))
    say(`tells its health at ${nats.http}, where compose does not ask`);
}

function checkPrometheus({ document: { services }, texts, root, fail }) {
  const file = 'deploy/prometheus/prometheus.yml';
  const path = checkConfigured({ services, name: 'prometheus', argument: '--config.file', file, fail });
  if (path === undefined) return;
  for (const pattern of parse(texts.prometheus)?.rule_files ?? [undefined]) {
    const seen =
      pattern === undefined ? undefined : sourceOf(services.prometheus, posix.resolve(dirname(path), pattern));
    const folder = seen === undefined ? undefined : join(root, dirname(seen));
    const ending = basename(pattern ?? '').replace('*', '');
    if (folder === undefined || !existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith(ending)))
      fail(`${file}: rule_files ${pattern ?? 'is missing'}: no rules lie there`);
  }
}

function checkAlertmanager({ document: { services }, texts, fail }) {
  const file = 'deploy/alertmanager/alertmanager.yml';
  checkConfigured({ services, name: 'alertmanager', argument: '--config.file', file, fail });
  for (const [, path] of texts.alertmanager.matchAll(/^\s*(?:- )?\w+_file: (\/\S+)/gm))
    if (sourceOf(services.alertmanager, path) === undefined) fail(`${file}: ${path} is not mounted`);
}

function checkGrafana({ document: { services }, texts, root, fail }) {
  const provisioning = services.grafana?.environment?.GF_PATHS_PROVISIONING ?? '/etc/grafana/provisioning';
  const file = 'deploy/grafana/provisioning';
  if (sourceOf(services.grafana, provisioning) !== file) fail(`grafana: ${file} is not mounted at ${provisioning}`);
  for (const { name, options } of parse(texts.dashboards)?.providers ?? []) {
    const seen = sourceOf(services.grafana, options?.path ?? '');
    if (seen === undefined || !readdirSync(join(root, seen)).some((entry) => entry.endsWith('.json')))
      fail(`grafana: no dashboards lie at ${options?.path}, where ${name} looks for them`);
  }
}

/**
 * @param {{document: object, texts: Record<string, string>, root: string, imageOf: (target: string) => object}} wanted
 *   the document with its variables replaced
 * @returns {string[]} what is wrong
 */
export function checkMountedFiles({ document, texts, root, imageOf }) {
  const failures = [];
  const fail = (problem) => failures.push(/^deploy\//.test(problem) ? problem : `docker-compose.yml: ${problem}`);
  const { services } = document;
  let nats;
  try {
    nats = parseNatsConfig(texts.nats);
  } catch (error) {
    fail(`deploy/nats/nats.conf: ${error.message}`);
  }
  const subject = { document, texts, root, imageOf, nats, fail };
  checkKept(subject);
  checkNats(subject);
  checkPrometheus(subject);
  checkAlertmanager(subject);
  checkGrafana(subject);
  checkConfigured({ services, name: 'otel-collector', argument: '--config', file: 'deploy/otel/collector.yaml', fail });
  return failures;
}
