import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../paths.mjs';
import { featuresOf, openReceiver, relocate, routesFor } from './alertmanager.mjs';
import { heartbeatFaults, stopAndHeal } from './journey.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('pages and tickets go where the shipped routes send them, and only the addresses are others', () => {
  const shipped = readFileSync(join(root, 'deploy/alertmanager/alertmanager.yml'), 'utf8');
  const made = parse(routesFor(shipped, { folder, address: 'http://127.0.0.1:1' }));
  expect(made.route).toEqual(parse(shipped).route);
  expect(made.inhibit_rules).toEqual(parse(shipped).inhibit_rules);
  const addresses = made.receivers.map(({ webhook_configs: [{ url_file: file }] }) => readFileSync(file, 'utf8'));
  expect(addresses).toEqual(['pages', 'tickets', 'heartbeat'].map((name) => `http://127.0.0.1:1/${name}`));
});

test('a program that knows one folder of the system finds it anywhere, at the same length', () => {
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  mkdirSync(join(folder, 'usr/share/prometheus'), { recursive: true });
  writeFileSync(join(folder, 'usr/share/prometheus/template'), 'found');
  const program = 'before /usr/share/prometheus/a between /usr/share/prometheus/template after';
  writeFileSync(join(folder, 'usr/bin/prometheus-alertmanager'), program);
  const { command, cwd } = relocate(folder);
  const made = readFileSync(command, 'utf8');
  expect(made).toHaveLength(program.length);
  expect(statSync(command).mode & 0o111).not.toBe(0);
  const [path] = /\S+template/.exec(made);
  expect(readFileSync(join(cwd, path), 'utf8')).toBe('found');
});

test('the receiver keeps what Alertmanager tells', async () => {
  const receiver = await openReceiver();
  const alerts = [{ status: 'firing', labels: { alertname: 'A' }, annotations: {}, startsAt: '' }];
  await fetch(`${receiver.address}/pages`, { method: 'POST', body: JSON.stringify({ alerts }) });
  expect(receiver.told).toMatchObject([{ receiver: 'pages', status: 'firing', labels: { alertname: 'A' } }]);
  receiver.close();
});

test('Alertmanager tells its receivers apart in its metrics, as the compose file asks for', () => {
  const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  expect(featuresOf(compose)).toEqual(['--enable-feature=receiver-name-in-metrics']);
});

test('a heartbeat counts where it is expected alone', async () => {
  const beat = (receiver) => ({ receiver, status: 'firing', labels: { alertname: 'Watchdog' } });
  expect(await heartbeatFaults([beat('heartbeat')], 0)).toEqual([]);
  expect(await heartbeatFaults([beat('pages')], 0)).toEqual([{ where: 'Watchdog', why: 'no heartbeat in 0 s' }]);
});

describe('a feed that is stopped', () => {
  let child;
  beforeEach(() => {
    child = spawn('sleep', ['300'], { stdio: 'ignore' });
  });
  afterEach(() => child.kill('SIGKILL'));

  const instance = { recorded: () => [{ name: 'sim-exchange', pid: child.pid }] };
  const annotations = { summary: 'no price', runbook_url: 'https://example.com/docs/runbooks/FeedStale.md' };
  const said = (status, receiver, words = annotations) => {
    return { receiver, status, labels: { alertname: 'FeedStale' }, annotations: words, at: Date.now() };
  };

  test('is told to whoever is paged, and cleared', async () => {
    const told = [said('firing', 'pages'), said('resolved', 'pages')];
    expect(await stopAndHeal({ instance, told })).toMatchObject({ alert: 'FeedStale', failed: [] });
  });

  test.each([
    ['goes to the wrong people', said('firing', 'tickets')],
    ['has no runbook', said('firing', 'pages', { summary: 'no price' })],
  ])('is a failure when the page %s', async (_, page) => {
    const { failed } = await stopAndHeal({ instance, told: [page] });
    expect(failed).toHaveLength(1);
    expect(failed[0].why).toContain('not whole');
  });
});
