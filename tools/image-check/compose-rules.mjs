import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The only two that people open, from this machine. */
const published = ['gateway', 'grafana'];

function checkHardened({ name, service, fail }) {
  if (service.read_only !== true) fail(`${name}: read_only is not true`);
  if (!service.cap_drop?.includes('ALL')) fail(`${name}: cap_drop is not [ALL]`);
  if (!service.security_opt?.includes('no-new-privileges:true')) fail(`${name}: no-new-privileges is not set`);
  if (/^(0|root)(:|$)/.test(service.user ?? '')) fail(`${name}: runs as root`);
}

function checkImage({ name, service, targets, fail }) {
  const { image, build } = service;
  if (build !== undefined) {
    if (!targets.includes(build.target)) fail(`${name}: the Dockerfile has no target ${build.target}`);
    if (!image.startsWith(`scalpstorm/${build.target}:`)) fail(`${name}: the image is not scalpstorm/${build.target}`);
    return;
  }
  const tag = image.split(':')[1];
  if (tag === undefined || !/\d+\.\d+/.test(tag)) fail(`${name}: ${image} names no version`);
}

function checkPorts({ name, service, imageOf, fail }) {
  for (const port of service.ports ?? []) {
    const [host, , inside] = port.split(':');
    if (!published.includes(name) || host !== '127.0.0.1') fail(`${name}: publishes ${port}`);
    if (service.build && !imageOf(service.build.target).ports.includes(Number(inside)))
      fail(`${name}: its image exposes no ${inside}`);
  }
}

function checkMounts({ name, service, document, root, fail }) {
  for (const volume of service.volumes ?? []) {
    const [source] = volume.split(':');
    if (!source.startsWith('.')) {
      if (!Object.hasOwn(document.volumes, source)) fail(`${name}: there is no volume ${source}`);
    } else if (!existsSync(join(root, source))) fail(`${name}: there is no ${source} to mount`);
    else if (!volume.endsWith(':ro')) fail(`${name}: may write to ${source}`);
  }
}

function checkDependencies({ name, service, document, hasHealth, fail }) {
  for (const [other, { condition, required }] of Object.entries(service.depends_on ?? {})) {
    const dependency = document.services[other];
    if (dependency === undefined) {
      fail(`${name}: depends on ${other}, which is not there`);
      continue;
    }
    if (condition === 'service_healthy' && !hasHealth(dependency)) fail(`${name}: ${other} has no health to wait for`);
    if (condition === 'service_completed_successfully' && dependency.restart !== 'no')
      fail(`${name}: ${other} never ends, and is waited for`);
    if (dependency.profiles && required !== false && !service.profiles) fail(`${name}: ${other} may not be started`);
  }
}

/** `//user:password@host:port` in whatever a service is told. */
const address = /\/\/(?:[^@/\s"]*@)?([a-z][a-z0-9-]*):(\d+)/g;

function checkAddresses({ name, service, document, imageOf, fail }) {
  for (const text of Object.values(service.environment ?? {})) {
    for (const [, host, port] of String(text ?? '').matchAll(address))
      checkReachable({ name, service, host, port: Number(port), document, imageOf, fail });
  }
}

function checkReachable({ name, service, host, port, document, imageOf, fail }) {
  const other = document.services[host];
  if (other === undefined) return fail(`${name}: there is no ${host}`);
  if (!service.networks?.some((network) => other.networks?.includes(network)))
    fail(`${name}: shares no network with ${host}`);
  if (other.build && !imageOf(other.build.target).ports.includes(port)) fail(`${name}: ${host} exposes no ${port}`);
}

/** Whoever is scraped must be there, on the port that its image opens. */
export function checkScrapes({ configuration, document, imageOf }) {
  const failures = [];
  const service = document.services.prometheus;
  const jobs = configuration?.scrape_configs ?? [];
  for (const target of jobs.flatMap((job) => job.static_configs ?? []).flatMap(({ targets }) => targets)) {
    const [host, port] = target.split(':');
    const fail = (problem) => failures.push(`prometheus.yml: ${problem}`);
    checkReachable({ name: 'prometheus', service, host, port: Number(port), document, imageOf, fail });
  }
  return failures;
}

/**
 * @param {{document: object, root: string, targets: readonly string[], imageOf: (target: string) => object}} wanted
 *   the document with its variables replaced
 * @returns {string[]} what is wrong
 */
export function checkCompose({ document, root, targets, imageOf }) {
  const failures = [];
  const fail = (problem) => failures.push(`docker-compose.yml: ${problem}`);
  const hasHealth = ({ healthcheck, build }) =>
    healthcheck !== undefined || imageOf(build?.target).health !== undefined;
  for (const [name, service] of Object.entries(document.services)) {
    const subject = { name, service, document, root, targets, imageOf, hasHealth, fail };
    checkHardened(subject);
    checkImage(subject);
    checkPorts(subject);
    checkMounts(subject);
    checkDependencies(subject);
    checkAddresses(subject);
    for (const network of service.networks ?? [])
      if (!Object.hasOwn(document.networks, network)) fail(`${name}: there is no network ${network}`);
  }
  const built = Object.values(document.services).map(({ build }) => build?.target);
  for (const target of targets) if (!built.includes(target)) fail(`no service is built from the target ${target}`);
  return failures;
}
