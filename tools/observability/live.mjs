import { setTimeout as delay } from 'node:timers/promises';
import { exceptions } from './exceptions.mjs';
import { labelsOf, selectorsOf } from './selectors.mjs';
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

/** Whether a query gives a number now, with every label that is shown of it; not a number is no data. */
async function hasData(address, { expression, shown = [] }) {
  const { result } = await api(address, 'query', { query: withoutVariables(expression) });
  return result.some((one) => isNumber(one) && shown.every((label) => one.metric?.[label]));
}

async function hasSeries(address, selector) {
  const series = await api(address, 'series', { 'match[]': selector });
  return series.length > 0;
}

/** `a{b="c"}` of which each series has the label. */
const having = (selector, label) =>
  selector.includes('{') ? selector.replace(/\}$/, `, ${label}!=""}`) : `${selector}{${label}!=""}`;

async function hasLabel(address, { label, of }) {
  for (const selector of of) if (await hasSeries(address, withoutVariables(having(selector, label)))) return true;
  return false;
}

/** One for each label that an expression names, whatever it names it for. */
function labelWishes({ where, expression }) {
  const named = new Map(labelsOf(expression).map(({ label, of }) => [`${label} of ${of.join(', ')}`, { label, of }]));
  return [...named].map(([what, wanted]) => ({
    where,
    what,
    kind: 'label',
    isMet: (address) => hasLabel(address, wanted),
  }));
}

function selectorWish(where, selector) {
  const exception = exceptions.find((one) => one.selector === selector);
  const what = exception?.instead ?? selector;
  const isMet = (address) => hasSeries(address, what);
  return { where, what, kind: 'selector', isMet, never: exception?.selector };
}

/** Everything that must be met: each query by data, each selector of a rule by a series, each label by one that has it. */
export function wishesOf({ queries, rules }) {
  const shown = queries.map((query) => ({
    where: query.where,
    what: query.expression,
    kind: 'query',
    isMet: (address) => hasData(address, query),
  }));
  const watched = rules.flatMap(({ where, expression }) =>
    selectorsOf(expression).map((selector) => selectorWish(where, selector)),
  );
  return [...shown, ...watched, ...[...queries, ...rules].flatMap(labelWishes)];
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
        else if (wish.never !== undefined && (await hasSeries(address, wish.never)))
          wrong.push({ where: wish.where, why: `${wish.never} has a series: it is no exception any more` });
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

const unmetWords = { selector: 'no series matches', label: 'nothing has the label' };

/** @returns {{empty: readonly {where: string, query: string}[], lost: readonly {where: string, why: string}[]}} */
export function unmetAsTold(unmet) {
  const queries = unmet.filter(({ kind }) => kind === 'query');
  const others = unmet.filter(({ kind }) => kind !== 'query');
  return {
    empty: queries.map(({ where, what }) => ({ where, query: what })),
    lost: others.map(({ where, what, kind }) => ({ where, why: `${unmetWords[kind]} ${what}` })),
  };
}
