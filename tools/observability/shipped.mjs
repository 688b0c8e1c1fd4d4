import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../paths.mjs';

export const rulesFolder = join(root, 'deploy/prometheus/rules');
export const dashboardsFolder = join(root, 'deploy/grafana/dashboards');

const filesOf = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

/** Long enough for two scrapes on a busy machine. */
const rateInterval = '30s';

/**
 * What Grafana puts in the place of its variables when everything is chosen: any value, and not none, so that a label that is
 * spelt wrongly finds nothing.
 */
export function withoutVariables(expression) {
  return expression
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__interval', rateInterval)
    .replaceAll('$__range', '5m')
    .replace(/\$\{?[a-z_]+\}?/g, '.+');
}

const panelsOf = (panels) => panels.flatMap((panel) => [panel, ...panelsOf(panel.panels ?? [])]);

const namesIn = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))];

/**
 * The queries of the panels of every dashboard, and how many panels.
 * @returns {{panels: number, queries: readonly {where: string, expression: string, shown: readonly string[]}[]}} `shown`: the
 *   labels that the legend tells
 */
export function panelQueries(folder = dashboardsFolder) {
  const panels = filesOf(folder, '.json').flatMap((file) => {
    const { title, panels: rows } = JSON.parse(readFileSync(file, 'utf8'));
    return panelsOf(rows)
      .filter(({ targets }) => (targets ?? []).length > 0)
      .map((panel) => ({ dashboard: title, ...panel }));
  });
  const queries = panels.flatMap(({ dashboard, title, targets }) =>
    targets.map(({ refId, expr, legendFormat = '' }) => ({
      where: `${dashboard} / ${title} / ${refId}`,
      expression: expr,
      shown: namesIn(legendFormat, /\{\{\s*(\w+)\s*\}\}/g),
    })),
  );
  return { panels: panels.length, queries };
}

/** @returns {readonly {where: string, name: string, expression: string, alert: object | null}[]} */
export function shippedRules(folder = rulesFolder) {
  return filesOf(folder, '.yml').flatMap((file) =>
    parse(readFileSync(file, 'utf8')).groups.flatMap(({ name: group, rules }) =>
      rules.map((rule) => ({
        where: `${group} / ${rule.alert ?? rule.record}`,
        name: rule.alert ?? rule.record,
        expression: rule.expr,
        alert: rule.alert === undefined ? null : rule,
      })),
    ),
  );
}

/** The last is for the one alert that always fires. */
export const severities = ['page', 'ticket', 'heartbeat'];

/** The labels that the words of an alert tell. */
export const labelsTold = ({ annotations }) => namesIn(Object.values(annotations).join(' '), /\$labels\.(\w+)/g);
const runbooks = /\/docs\/runbooks\/(\w+)\.md$/;
const sections = ['Meaning', 'Impact', 'Look', 'Do'];

/** What an alert lacks for whoever is woken by it. */
export function faultsOfAlert({ name, where, alert }, folder = join(root, 'docs/runbooks')) {
  const faults = [];
  const { severity } = alert.labels ?? {};
  const { summary, runbook_url: url = '' } = alert.annotations ?? {};
  if (!severities.includes(severity)) faults.push(`severity must be one of ${severities.join(', ')}`);
  if (!summary) faults.push('it has no summary');
  if (runbooks.exec(url)?.[1] !== name) faults.push(`runbook_url must end with /docs/runbooks/${name}.md`);
  const page = join(folder, `${name}.md`);
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (!text.includes(`\nSeverity: ${severity}: `)) faults.push(`docs/runbooks/${name}.md tells another severity`);
  for (const section of sections) {
    if (!text.includes(`\n## ${section}\n`)) faults.push(`docs/runbooks/${name}.md has no section "${section}"`);
  }
  return faults.map((why) => ({ where, why }));
}
