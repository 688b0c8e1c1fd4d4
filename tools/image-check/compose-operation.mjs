// What only shows when it runs: who waits for whom, who reaches the world, and who has the time to end well.

/** Speak with venues, people or observers elsewhere, or are opened on this machine. Nobody else has a way out. */
const outward = ['market-data', 'execution', 'gateway', 'notifications', 'alertmanager', 'grafana', 'otel-collector'];

/** What an address in the environment needs before it is of use. */
const needs = {
  NATS_URL: { nats: 'service_healthy', setup: 'service_completed_successfully' },
  POSTGRES_URL: { postgres: 'service_healthy', setup: 'service_completed_successfully' },
  REDIS_URL: { redis: 'service_healthy' },
};
/** Begins without it, and takes it up when it is there. */
const doesWithout = { execution: ['REDIS_URL'] };

/** Docker's own, where nothing else is said. */
const graceDefault = 10;
/** Seconds, before what has not ended is cut off: services write down what is under way, servers bring it to the disk. */
const graceMin = { nats: 30, postgres: 60, kafka: 30 };
const graceOfOthers = 10;

const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3_600 };
const secondsOf = (text) =>
  [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit], 0);

/** By itself, or because somebody that it waits for has waited. */
function waitsFor({ services, name, other, condition }) {
  const found = Object.entries(services[name]?.depends_on ?? {}).filter(([, { required }]) => required !== false);
  if (found.some(([next, wanted]) => next === other && wanted.condition === condition)) return true;
  const done = found.filter(([, wanted]) => wanted.condition !== 'service_started');
  return done.some(([next]) => waitsFor({ services, name: next, other, condition }));
}

function checkOrder({ name, service, services, fail }) {
  if (service.build === undefined) return;
  for (const [variable, servers] of Object.entries(needs)) {
    if (service.environment?.[variable] === undefined || doesWithout[name]?.includes(variable)) continue;
    for (const [other, condition] of Object.entries(servers)) {
      if (other === name) continue;
      if (!waitsFor({ services, name, other, condition })) fail(`${name}: does not wait for ${other} (${condition})`);
    }
  }
}

function checkNetworks({ name, service, networks, fail }) {
  const inside = service.networks ?? [];
  const open = inside.filter((network) => networks[network]?.internal !== true);
  if (inside.length === 0 && service.network_mode !== 'none') fail(`${name}: is in the network of whoever names none`);
  if (open.length > 0 && !outward.includes(name)) fail(`${name}: has a way out, by ${open.join(', ')}`);
  if (open.length === 0 && outward.includes(name)) fail(`${name}: has no way out`);
}

function checkEnd({ name, service, fail }) {
  const least = graceMin[name] ?? graceOfOthers;
  const given = service.stop_grace_period === undefined ? graceDefault : secondsOf(service.stop_grace_period);
  if (given < least) fail(`${name}: has ${given} s to end, and needs ${least}`);
  const once = service.build?.target === 'setup';
  if (once !== (service.restart === 'no'))
    fail(`${name}: ${once ? 'ends, and is started again' : 'is not started again'}`);
}

/** A shell that stays is the first process, which a signal does not end: it must give its place away, and a pipe keeps it. */
function checkShell({ name, service, fail }) {
  for (const words of [service.entrypoint, service.command]) {
    if (words === undefined) continue;
    const script = Array.isArray(words) ? (/^(.*\/)?(sh|bash|ash)$/.test(words[0]) ? words.at(-1) : undefined) : words;
    if (script === undefined) continue;
    const last = script
      .split(/;|&&|\n/)
      .at(-1)
      .trim();
    if (!/^exec [^|&]+$/.test(last)) fail(`${name}: the shell stays, and does not pass on that it is to end: ${last}`);
  }
}

/** Where images write, and what is written is kept by no volume; and which of these folders they let everybody write to. */
const written = {
  redis: ['/data'],
  postgres: ['/tmp', '/var/run/postgresql'],
  grafana: ['/tmp', '/var/log/grafana'],
  kafka: ['/tmp', '/opt/kafka/config', '/opt/kafka/logs'],
};
const openInImage = ['/tmp', '/var/run/postgresql', '/var/log/grafana'];

/**
 * Nothing else than these folders can be written to. Docker gives a folder in memory the mode that it has in the image, and root as
 * its owner: where only another may write, nobody can who is not root.
 */
function checkWritten({ name, service, fail }) {
  const folders = new Map((service.tmpfs ?? []).map((text) => text.split(':')));
  for (const folder of written[name] ?? (service.build === undefined ? [] : ['/tmp']))
    if (!folders.has(folder)) fail(`${name}: may not write to ${folder}`);
  for (const [folder, given = ''] of folders) {
    const options = given.split(',');
    const mode = options.find((option) => option.startsWith('mode='));
    const open = mode === undefined ? openInImage.includes(folder) : mode === 'mode=1777';
    if (options.includes('ro')) fail(`${name}: may not write to ${folder}: it is read-only`);
    else if (!open) fail(`${name}: may not write to ${folder}: it is root's, of the mode that it has in the image`);
  }
}

/**
 * @param {{document: object}} wanted the document with its variables replaced
 * @returns {string[]} what is wrong
 */
export function checkOperation({ document: { services, networks } }) {
  const failures = [];
  const fail = (problem) => failures.push(`docker-compose.yml: ${problem}`);
  for (const [name, service] of Object.entries(services)) {
    const subject = { name, service, services, networks, fail };
    checkOrder(subject);
    checkNetworks(subject);
    checkEnd(subject);
    checkShell(subject);
    checkWritten(subject);
  }
  if (networks.inside?.internal !== true) fail('networks.inside is not internal: it has a way out');
  // Its own default, TERM, waits until the last client has gone.
  if (services.postgres?.stop_signal !== 'SIGINT') fail('postgres: stop_signal is not SIGINT');
  if (services.nats?.depends_on?.['nats-users']?.restart !== true) fail('nats: does not start anew with other users');
  return failures;
}
