import { h, keyedList, setAttribute, setText } from './dom.js';
import { decimal, gain, modeLabel, placesFor, sum, toneOf } from './format.js';
import { state, watch } from './state.js';

/** What was earned, by mode and currency: money of different modes is never summed. */
export function summarySection() {
  const list = h('div', { class: 'tiles' });
  const render = keyedList(list, { keyOf: ({ key }) => key, create: tile });
  watch(['bots', 'orders'], () => render(tiles()));
  return h('section', { 'aria-label': 'Summary' }, list);
}

function tiles() {
  const bots = [...(state.bots?.values() ?? [])];
  const groups = new Map();
  for (const bot of bots) {
    const key = `${bot.mode}/${bot.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), bot]);
  }
  const money = [...groups].map(([key, group]) => {
    const pnl = sum(group.map((bot) => bot.pnl));
    const fees = sum(group.map((bot) => bot.fees));
    const { mode, currency } = group[0];
    const note = `after fees of ${decimal(fees, placesFor(fees))} ${currency}`;
    return {
      key,
      label: `Net PnL · ${modeLabel(mode)}`,
      value: `${gain(pnl, placesFor(pnl))} ${currency}`,
      note,
      tone: toneOf(pnl),
    };
  });
  const count = (test) => bots.filter(test).length;
  const failed = count((bot) => bot.observed === 'error');
  const open = [...(state.orders?.values() ?? [])].filter((order) => !order.final).length;
  const unknown = state.bots === null;
  return [
    ...money,
    {
      key: 'bots',
      label: 'Bots running',
      value: unknown ? '–' : `${count((bot) => bot.observed === 'running')} of ${bots.length}`,
      note: failed > 0 ? `✕ ${failed} with an error` : 'none with an error',
      tone: failed > 0 ? 'down' : 'flat',
    },
    {
      key: 'cycles',
      label: 'Cycles',
      value: unknown ? '–' : String(bots.reduce((total, bot) => total + bot.cycles, 0)),
      note: 'bought and sold',
      tone: 'flat',
    },
    {
      key: 'orders',
      label: 'Open orders',
      value: state.orders === null ? '–' : String(open),
      note: 'at the venues now',
      tone: 'flat',
    },
  ];
}

function tile() {
  const label = h('div', { class: 'tile-label' });
  const value = h('div', { class: 'tile-value' });
  const note = h('div', { class: 'tile-note' });
  const element = h('div', { class: 'tile' }, label, value, note);
  const update = (row) => {
    setText(label, row.label);
    setText(value, row.value);
    setText(note, row.note);
    setAttribute(value, 'data-tone', row.tone);
  };
  return { element, update };
}
