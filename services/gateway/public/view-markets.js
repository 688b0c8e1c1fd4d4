import { drawLine } from './chart.js';
import { h, icon, keyedList, setAttribute, setText } from './dom.js';
import { age, decimal, placesOf } from './format.js';
import { section } from './section.js';
import { state, watch } from './state.js';

const lateMs = 10_000;
const deadMs = 60_000;
const marketsMax = 12;

/** The newest price of every market, with its last minutes. */
export function marketsSection() {
  const list = h('div', { class: 'markets' });
  const { element, show } = section(
    {
      title: 'Markets',
      loading: 'Waiting for prices …',
      empty: 'No prices yet. market-data publishes them as soon as its venue does.',
    },
    list,
  );
  const render = keyedList(list, { keyOf: (row) => row.instrument, create: marketCard });
  watch(['prices', 'candles', 'clock', 'bots'], () => {
    const rows = state.prices === null ? null : ordered([...state.prices.values()]);
    show(rows);
    if (rows !== null) render(rows);
  });
  return element;
}

/** Markets that a bot trades come first. */
function ordered(rows) {
  const traded = new Set([...(state.bots?.values() ?? [])].map(({ venue, symbol }) => `${venue}:${symbol}`));
  const rank = (row) => (traded.has(row.instrument) ? 0 : 1);
  return rows
    .sort((left, right) => rank(left) - rank(right) || left.instrument.localeCompare(right.instrument))
    .slice(0, marketsMax);
}

function marketCard() {
  const name = h('h3');
  const venue = h('span', { class: 'muted small' });
  const freshness = h('span', { class: 'freshness' });
  const price = h('div', { class: 'price' });
  const move = h('div', { class: 'move' });
  const bid = h('span', { class: 'number' });
  const ask = h('span', { class: 'number' });
  const canvas = h('canvas', { class: 'chart', role: 'img' });
  const element = h(
    'article',
    { class: 'card market' },
    h(
      'div',
      { class: 'card-head' },
      h('div', {}, name, venue),
      h('span', { class: 'freshness-box' }, icon('dot'), freshness),
    ),
    h('div', { class: 'market-price' }, price, move),
    canvas,
    h('dl', { class: 'pairs' }, h('dt', {}, 'Bid'), h('dd', {}, bid), h('dt', {}, 'Ask'), h('dd', {}, ask)),
  );
  const update = (row) => {
    setText(name, row.symbol);
    setText(venue, row.venue);
    const elapsed = row.at === null ? Number.POSITIVE_INFINITY : Date.now() - Date.parse(row.at);
    setAttribute(element, 'data-age', elapsed > deadMs ? 'dead' : elapsed > lateMs ? 'late' : 'live');
    setText(freshness, freshnessWords(row, elapsed));
    const places = placesOf(row.last, row.bid, row.ask);
    setText(price, decimal(row.last ?? row.bid, places));
    setText(bid, decimal(row.bid, places));
    setText(ask, decimal(row.ask, places));
    updateChart({ canvas, move, row });
  };
  return { element, update };
}

function freshnessWords(row, elapsed) {
  if (row.feed !== 'live' && row.feed !== 'unknown') return row.feed;
  return Number.isFinite(elapsed) ? age(elapsed) : 'no data';
}

function updateChart({ canvas, move, row }) {
  const closes = [...(state.candles.get(row.instrument)?.values() ?? [])].map(({ close }) => Number(close));
  const change = closes.length < 2 ? null : (closes.at(-1) / closes[0] - 1) * 100;
  const words =
    change === null ? '' : `${change > 0 ? '▲ +' : change < 0 ? '▼ −' : ''}${Math.abs(change).toFixed(2)} %`;
  setText(move, words);
  setAttribute(move, 'data-tone', change === null || change === 0 ? 'flat' : change > 0 ? 'up' : 'down');
  setAttribute(canvas, 'data-tone', change !== null && change < 0 ? 'down' : 'up');
  setAttribute(
    canvas,
    'aria-label',
    change === null ? `${row.symbol}: no chart yet` : `${row.symbol}: ${words} over the last ${closes.length} seconds`,
  );
  drawLine(canvas, closes);
}
