import { setTimeout as delay } from 'node:timers/promises';
import { selectorsOf } from './selectors.mjs';
import { withoutVariables } from './shipped.mjs';

const everyMs = 2_000;
const requestMs = 10_000;

async function api(address, path, parameters) {
  const body = new URLSearchParams(parameters);
  const response = await fetch(`${address}/api/v1/${path}`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(requestMs),
  });
  const answer = await response.json();
  if (answer.status !== 'success') throw new Error(`${answer.errorType}: ${answer.error}`);
  return answer.data;
}

const isNumber = ({ value, values }) => Number.isFinite(Number((value ?? values.at(-1))[1]));

/** Whether a query gives a number now; not a number is no data. */
async function hasData(address, expression) {
  const { result } = await api(address, 'query', { query: withoutVariables(expression) });
  return result.some(isNumber);
}

async function hasSeries(address, selector) {
  const series = await api(address, 'series', { 'match[]': selector });
  return series.length > 0;
}

/** Everything that must be met: each query by data, each selector of a rule by a series. */
export function wishesOf({ queries, rules }) {
  const shown = queries.map(({ where, expression }) => ({
    where,
    what: expression,
    kind: 'query',
    isMet: (address) => hasData(address, expression),
  }));
  const watched = rules.flatMap(({ where, expression }) =>
    selectorsOf(expression).map((selector) => ({
      where,
      what: selector,
      kind: 'selector',
      isMet: (address) => hasSeries(address, selector),
    })),
  );
  return [...shown, ...watched];
}

/**
 * Asks again and again for what is not met yet.
 * @param {{address: string, boundMs: number, between: () => Promise<unknown>}} run `between` keeps the platform busy
 * @returns {Promise<{unmet: readonly object[], wrong: readonly {where: string, why: string}[]}>} wrong: refused by Prometheus
 */
export async function untilMet(wishes, { address, boundMs, between }) {
  const until = Date.now() + boundMs;
  const wrong = [];
  let open = wishes;
  for (;;) {
    const left = [];
    for (const wish of open) {
      try {
        if (!(await wish.isMet(address))) left.push(wish);
      } catch (error) {
        wrong.push({ where: wish.where, why: `${error.message}: ${wish.what}` });
      }
    }
    open = left;
    if (open.length === 0 || Date.now() > until) return { unmet: open, wrong };
    await between();
    await delay(everyMs);
  }
}

/** Rules that Prometheus could not evaluate. */
export async function unhealthyRules(address) {
  const response = await fetch(`${address}/api/v1/rules`, { signal: AbortSignal.timeout(requestMs) });
  const { data } = await response.json();
  return data.groups.flatMap(({ name: group, rules }) =>
    rules
      .filter(({ health }) => health === 'err')
      .map(({ name, lastError }) => ({ where: `${group} / ${name}`, why: lastError })),
  );
}
