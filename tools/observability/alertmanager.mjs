import { existsSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { spawned } from '../children.mjs';
import { root } from '../paths.mjs';
import { freePort } from '../ports.mjs';
import { waitUntil } from '../servers/probe.mjs';

const readyMs = 60_000;
const bodyBytesMax = 1_000_000;
/** Debian's program reads its templates from there, and ends when they are not there. */
const compiledIn = '/usr/share/prometheus';
/** As long, and found from the folder in which it is started. */
const relocated = `${'.//'.padEnd(compiledIn.length - '/share/prometheus'.length, '/')}/share/prometheus`;

/** A copy of Debian's program that runs from any folder. @returns {{command: string, cwd: string}} */
export function relocate(folder) {
  const target = join(folder, 'usr/bin/alertmanager-relocated');
  const link = join(folder, 'share');
  if (!existsSync(link)) symlinkSync('usr/share', link);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}.draft`;
    const program = readFileSync(join(folder, 'usr/bin/prometheus-alertmanager'));
    for (let at = program.indexOf(compiledIn); at !== -1; at = program.indexOf(compiledIn, at + 1)) {
      program.write(relocated, at, 'latin1');
    }
    writeFileSync(draft, program, { mode: 0o755 });
    renameSync(draft, target);
  }
  return { command: target, cwd: folder };
}

/** The receiver of every webhook: keeps what it was told. */
export async function openReceiver() {
  const told = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) if (body.length < bodyBytesMax) body += chunk;
    const { alerts } = JSON.parse(body);
    for (const { status, labels, annotations } of alerts) {
      told.push({ receiver: request.url.slice(1), status, labels, annotations, at: Date.now() });
    }
    response.end();
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}`, told, close };
}

/** What deploy/alertmanager says, but for where the addresses of the webhooks are. */
export function routesFor(text, { folder, address }) {
  const shipped = parse(text);
  const receivers = shipped.receivers.map(({ name, webhook_configs: hooks }) => {
    const file = join(folder, `${name}-webhook-url`);
    writeFileSync(file, `${address}/${name}`, { mode: 0o600 });
    return { name, webhook_configs: hooks.map((hook) => ({ ...hook, url_file: file })) };
  });
  return stringify({ ...shipped, receivers });
}

/** What docker-compose.yml switches on: labels of metrics depend on it. */
export function featuresOf(compose) {
  return parse(compose, { merge: true }).services.alertmanager.command.filter((one) =>
    one.startsWith('--enable-feature='),
  );
}

/** Starts Alertmanager on a free port. @returns {Promise<string>} its host and port */
export async function startAlertmanager({ program, text, receiver, instance, children }) {
  const folder = instance.folder('alertmanager');
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, routesFor(text, { folder, address: receiver.address }));
  const host = `127.0.0.1:${await freePort()}`;
  const child = await spawned(
    children.start({
      name: 'alertmanager',
      tier: 'server',
      command: program.command,
      args: [
        `--config.file=${file}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=${host}`,
        '--cluster.listen-address=',
        ...featuresOf(readFileSync(join(root, 'docker-compose.yml'), 'utf8')),
      ],
      options: { cwd: program.cwd ?? folder },
      logFile: instance.logFile('alertmanager'),
    }),
    'alertmanager',
  );
  let running = true;
  child.once('exit', () => {
    running = false;
  });
  const ready = async () => {
    const { ok, status } = await fetch(`http://${host}/-/ready`, { signal: AbortSignal.timeout(2_000) });
    if (!ok) throw new Error(`Alertmanager answered ${status}`);
  };
  await waitUntil(ready, { timeoutMs: readyMs, stillRunning: () => running });
  return host;
}
