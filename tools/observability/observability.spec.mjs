import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../paths.mjs';
import { dashboardFiles } from './dashboards/all.ts';
import { exceptions } from './exceptions.mjs';
import { unmetAsTold, untilMet, wishesOf } from './live.mjs';
import { ruleTests } from './offline.mjs';
import { labelsOf, selectorsOf } from './selectors.mjs';
import { configurationFor } from './servers.mjs';
import {
  dashboardsFolder,
  faultsOfAlert,
  labelsTold,
  panelQueries,
  shippedRules,
  withoutVariables,
} from './shipped.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');

describe('the dashboards', () => {
  test('are as the code makes them; `npm run dashboards:grafana` writes them', () => {
    const written = readdirSync(dashboardsFolder).sort();
    const made = [...dashboardFiles()].sort((left, right) => left.name.localeCompare(right.name));
    expect(written).toEqual(made.map(({ name }) => name));
    for (const { name, text } of made) expect(readFileSync(join(dashboardsFolder, name), 'utf8')).toBe(text);
  });

  test('ask at least forty questions, and never sum money over modes or currencies', () => {
    const { queries } = panelQueries();
    expect(queries.length).toBeGreaterThanOrEqual(40);
    const money = queries.filter(({ expression }) => /scalpstorm_bot_(pnl|fees)/.test(expression));
    expect(money.length).toBeGreaterThan(0);
    for (const { expression } of money) expect(expression).toMatch(/^sum by \(mode, currency\)/);
  });

  test('lay no panel over another, and none beyond the page', () => {
    for (const { text } of dashboardFiles()) {
      const places = JSON.parse(text).panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(places).size).toBe(places.length);
      expect(Math.max(...places.map((place) => Number(place.split(',')[0])))).toBeLessThan(24);
    }
  });

  test('have no series of one bot, order or user', () => {
    for (const { expression } of panelQueries().queries) expect(expression).not.toMatch(/\b(bot|order|user)(_id)?=/);
  });

  test('are asked as when everything is chosen', () => {
    const $ = '$';
    expect(withoutVariables(`rate(a{service=~"${$}service"}[${$}__rate_interval])`)).toBe(
      'rate(a{service=~".+"}[30s])',
    );
    for (const { expression } of panelQueries().queries) expect(withoutVariables(expression)).not.toContain('$');
  });
});

describe('the selectors of an expression', () => {
  test.each([
    ['up', ['up']],
    ['sum by (a, b) (rate(x{c="d"}[5m])) / on (a) group_left (b) y', ['x{c="d"}', 'y']],
    ['histogram_quantile(0.99, sum without (le) (rate(h_bucket[5m] offset 1h)))', ['h_bucket']],
    ['a:b:rate5m > (14.4 * 0.001) and c unless d or vector(0)', ['a:b:rate5m', 'c', 'd']],
    ['sum(x{t=~"a}b|by (c)", u!=\'}\'}) by (le)', ['x{t=~"a}b|by (c)", u!=\'}\'}']],
    ['max_over_time(z[1h:5m]) > bool 1e3', ['z']],
    ['{__name__="up"} == Inf', ['{__name__="up"}']],
  ])('%s', (expression, selectors) => {
    expect(selectorsOf(expression)).toEqual(selectors);
  });
});

test('the labels of an expression are those of its selectors and of its groupings', () => {
  const expression = 'sum by (a, b) (x{c!="d", e=~"f=g"}) / on (a) group_left (h) y{}';
  expect(labelsOf(expression)).toEqual([
    { label: 'c', of: ['x'] },
    { label: 'e', of: ['x'] },
    ...['a', 'b', 'a', 'h'].map((label) => ({ label, of: ['x{c!="d", e=~"f=g"}', 'y{}'] })),
  ]);
  expect(labelsOf('vector(1)')).toEqual([]);
});

test('an exception is one of a shipped rule, and says what is looked for instead', () => {
  const asked = shippedRules().flatMap(({ expression }) => selectorsOf(expression));
  for (const { selector, because, instead } of exceptions) {
    expect(asked).toContain(selector);
    expect(because).not.toBe('');
    expect(instead.split('{')[0]).toBe(selector.split('{')[0]);
  }
});

describe('the rules', () => {
  const rules = shippedRules();
  const tests = ruleTests().flatMap((file) => parse(readFileSync(file, 'utf8')).tests);
  const firing = ({ promql_expr_test: asked }) => asked.filter(({ exp_samples: samples }) => samples.length > 0);
  const alerts = rules.filter(({ alert }) => alert !== null);
  const isHeartbeat = ({ alert }) => alert.labels.severity === 'heartbeat';

  test('have names of their own', () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('tell whoever is woken how bad it is, what it is and where to read on', () => {
    expect(alerts.flatMap((rule) => faultsOfAlert(rule))).toEqual([]);
    const [first] = alerts;
    const bare = { ...first, alert: { ...first.alert, labels: { severity: 'urgent' }, annotations: {} } };
    expect(faultsOfAlert(bare).map(({ why }) => why)).toEqual([
      'severity must be one of page, ticket, heartbeat',
      'it has no summary',
      `runbook_url must end with /docs/runbooks/${first.name}.md`,
      `docs/runbooks/${first.name}.md tells another severity`,
    ]);
    const pageless = { ...first, name: 'Nobody' };
    expect(faultsOfAlert(pageless).some(({ why }) => why.includes('Nobody.md has no section "Do"'))).toBe(true);
  });

  test('have a unit test for every alert, in which it is quiet first and fires later', () => {
    const quietAndFiring = tests.filter(({ promql_expr_test: [first, second] }) => {
      return first.exp_samples.length === 0 && second?.exp_samples.length === 1;
    });
    const proved = new Set(quietAndFiring.map(({ name }) => name));
    const wanted = alerts.filter((rule) => !isHeartbeat(rule)).map(({ name }) => name);
    expect(wanted.filter((name) => !proved.has(name))).toEqual([]);
  });

  test('have one alert that always fires, and whose silence is a sign', () => {
    expect(alerts.filter(isHeartbeat)).toMatchObject([{ name: 'Watchdog', expression: 'vector(1)' }]);
    expect(tests.filter(({ name }) => name === 'Watchdog').flatMap(firing)).toHaveLength(1);
  });

  test('tell no label that the alert does not have when it fires', () => {
    for (const { name, alert } of alerts) {
      const [{ exp_samples: samples }] = tests.filter((one) => one.name === name).flatMap(firing);
      for (const label of labelsTold(alert)) expect(samples[0].labels).toMatch(new RegExp(`[ {]${label}="`));
    }
  });

  test('of which none pages because of one order or one error on a quiet platform', () => {
    for (const name of ['OrderPathBudgetBurns', 'ApiErrorBudgetBurns'].flatMap((one) => [one, `${one}Fast`])) {
      const quiet = tests.filter((one) => one.name.startsWith(`${name}: `) && firing(one).length === 0);
      expect(quiet.map(() => name)).toContain(name);
    }
  });

  test('every page of the runbooks belongs to an alert', () => {
    const pages = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(alerts.map(({ name }) => `${name}.md`).sort());
  });

  test('and the dashboards ask for nothing that docs/metrics.md does not explain', () => {
    const explained = new Set(read('docs/metrics.md').match(/scalpstorm_\w+/g));
    const asked = [...panelQueries().queries, ...rules].flatMap(({ expression }) =>
      expression.match(/scalpstorm_\w+/g),
    );
    const metricOf = (name) => (explained.has(name) ? name : name?.replace(/_(bucket|count|sum)$/, ''));
    expect([...new Set(asked.filter(Boolean).map(metricOf))].filter((name) => !explained.has(name))).toEqual([]);
  });
});

test('the check scrapes this run and keeps everything else as it is shipped', () => {
  const operations = { execution: 'http://127.0.0.1:4001', gateway: 'http://127.0.0.1:4002' };
  const made = parse(
    configurationFor(read('deploy/prometheus/prometheus.yml'), {
      operations,
      rules: '/rules',
      everySeconds: 2,
      alertmanager: '127.0.0.1:9093',
      prometheus: '127.0.0.1:9090',
    }),
  );
  expect(made.rule_files).toEqual(['/rules/*.yml']);
  expect(made.alerting.alertmanagers).toEqual([{ static_configs: [{ targets: ['127.0.0.1:9093'] }] }]);
  const shipped = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs;
  expect(made.scrape_configs).toEqual([
    {
      job_name: 'scalpstorm',
      honor_labels: true,
      metrics_path: '/metrics',
      relabel_configs: shipped[0].relabel_configs,
      static_configs: [
        { targets: ['127.0.0.1:4001'], labels: { service: 'execution' } },
        { targets: ['127.0.0.1:4002'], labels: { service: 'gateway' } },
      ],
    },
    { job_name: 'prometheus', static_configs: [{ targets: ['127.0.0.1:9090'] }] },
    { job_name: 'alertmanager', static_configs: [{ targets: ['127.0.0.1:9093'] }] },
  ]);
});

test('every name that the rules watch is a target of the shipped configuration, also in a cluster', () => {
  const jobs = parse(read('deploy/prometheus/prometheus.yml')).scrape_configs;
  const services = jobs.flatMap(({ static_configs: targets }) => targets).map(({ labels }) => labels?.service);
  const watched = shippedRules()
    .filter(({ name }) => /^(Service|Companion)Missing$/.test(name))
    .flatMap(({ expression }) => [...expression.matchAll(/service="([^"]+)"/g)].map(([, service]) => service));
  expect(watched.sort()).toEqual(services.filter(Boolean).sort());
  const [cluster] = parse(read('deploy/prometheus/kubernetes.yml')).scrape_configs;
  expect(cluster).toMatchObject({ job_name: 'scalpstorm', honor_labels: true });
  expect(cluster.relabel_configs.map(({ target_label: label }) => label)).toContain('service');
});

describe('a Prometheus that is asked', () => {
  let folder;
  let server;
  let address;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'observability-'));
    // Knows `up` alone, by its job; says of `0/0` that it is no number, and refuses `broken(`.
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const parameters = new URLSearchParams(body);
      const asked = parameters.get('query') ?? parameters.get('match[]');
      response.setHeader('content-type', 'application/json');
      if (asked.startsWith('broken(')) {
        response.statusCode = 400;
        response.end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' }));
        return;
      }
      const value = { up: '1', 'up{job!=""}': '1', 'sum by (jab) (up)': '1', '0/0': 'NaN' }[asked];
      const found = value === undefined ? [] : [{ metric: { job: 'a' }, value: [0, value] }];
      const data = request.url.endsWith('/series') ? found : { result: found };
      response.end(JSON.stringify({ status: 'success', data }));
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${server.address().port}`;
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await new Promise((closed) => server.close(closed));
  });

  const ask = (wishes) => untilMet(wishes, { address, boundMs: 0, between: async () => undefined });

  test('shows a planted panel that asks for a metric which nobody has, and one that gets no number', async () => {
    const panels = ['up', 'scalpstorm_planted_total', '0/0', 'broken('].map((expr, index) => ({
      title: `panel ${index}`,
      targets: [{ refId: 'A', expr }],
    }));
    writeFileSync(join(folder, 'planted.json'), JSON.stringify({ title: 'Planted', panels }));
    const { panels: count, queries } = panelQueries(folder);
    expect(count).toBe(4);
    const { unmet, wrong } = await ask(wishesOf({ queries, rules: [] }));
    expect(unmet.map(({ where, what }) => [where, what])).toEqual([
      ['Planted / panel 1 / A', 'scalpstorm_planted_total'],
      ['Planted / panel 2 / A', '0/0'],
    ]);
    expect(wrong).toEqual([{ where: 'Planted / panel 3 / A', why: 'bad_data: parse error: broken(' }]);
  });

  test('shows a planted rule of which one selector matches no series', async () => {
    const rule = 'groups: [{ name: planted, rules: [{ record: "a:b", expr: "up / lost{x=\\"y\\"}" }] }]';
    writeFileSync(join(folder, 'planted.yml'), rule);
    const { unmet } = await ask(wishesOf({ queries: [], rules: shippedRules(folder) }));
    expect(unmet.map(({ where, what, kind }) => [where, what, kind])).toEqual([
      ['planted / a:b', 'lost{x="y"}', 'selector'],
      ['planted / a:b', 'x of lost', 'label'],
    ]);
  });

  test('shows a label that is spelt wrongly, though the query has data', async () => {
    const asks = (expression, shown = []) => ({ where: 'planted', expression, shown });
    const right = await ask(wishesOf({ queries: [asks('up', ['job'])], rules: [] }));
    expect(unmetAsTold(right.unmet)).toEqual({ empty: [], lost: [] });
    const grouped = await ask(wishesOf({ queries: [asks('sum by (jab) (up)')], rules: [] }));
    expect(unmetAsTold(grouped.unmet)).toEqual({
      empty: [],
      lost: [{ where: 'planted', why: 'nothing has the label jab of up' }],
    });
    const legend = await ask(wishesOf({ queries: [asks('up', ['jab'])], rules: [] }));
    expect(unmetAsTold(legend.unmet).empty).toEqual([{ where: 'planted', query: 'up' }]);
  });
});
