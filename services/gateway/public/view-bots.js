import { call } from './api.js';
import { ask } from './dialog.js';
import { h, icon, keyedList, setAttribute, setText } from './dom.js';
import { ago, decimal, gain, modeLabel, placesFor, placesOf, signOf, toneOf } from './format.js';
import { section } from './section.js';
import { state, watch } from './state.js';
import { toastProblem } from './toast.js';

/** Every bot with what was asked of it, what it does, why, and what it earned. */
export function botsSection() {
  const list = h('div', { class: 'bots' });
  const { element, show } = section(
    {
      title: 'Bots',
      loading: 'Loading your bots …',
      empty: 'No bots yet. Create one with POST /v1/bots; it appears here at once.',
    },
    list,
  );
  const render = keyedList(list, { keyOf: (bot) => bot.id, create: botCard });
  watch(['bots', 'prices', 'fills', 'clock'], () => {
    const rows =
      state.bots === null
        ? null
        : [...state.bots.values()].sort((left, right) =>
            left.name.localeCompare(right.name, undefined, { numeric: true }),
          );
    show(rows);
    if (rows !== null) render(rows);
  });
  return element;
}

const words = {
  starting: 'Starting …',
  running: 'Running',
  pausing: 'Pausing …',
  paused: 'Paused',
  stopping: 'Stopping …',
  flattening: 'Flattening …',
  stopped: 'Stopped',
  error: 'Error',
};
const marks = { running: '●', paused: '❚❚', stopped: '■', error: '✕' };
const busy = new Set(['starting', 'pausing', 'stopping', 'flattening']);

function botCard(first) {
  const parts = {
    name: h('h3'),
    mode: h('span'),
    status: h('span', { class: 'status' }),
    market: h('span', { class: 'muted small' }),
    pnl: h('div', { class: 'pnl' }),
    price: h('span', { class: 'number' }),
    fees: h('span', { class: 'number' }),
    cycles: h('span', { class: 'number' }),
    held: h('span', { class: 'number' }),
    lastFill: h('p', { class: 'last-fill small' }),
    reason: h('p', { class: 'reason small' }),
  };
  const pair = (label, value) => [h('dt', {}, label), h('dd', {}, value)];
  const actions = botActions(first.id);
  const element = h(
    'article',
    { class: 'card bot', 'aria-label': first.name },
    h(
      'div',
      { class: 'card-head' },
      h('div', {}, parts.name, parts.market),
      h('div', { class: 'card-state' }, parts.mode, parts.status),
    ),
    parts.pnl,
    h(
      'dl',
      { class: 'pairs' },
      ...pair('Price', parts.price),
      ...pair('Cycles', parts.cycles),
      ...pair('Fees', parts.fees),
      ...pair('Holds', parts.held),
    ),
    parts.lastFill,
    parts.reason,
    actions.element,
  );
  return { element, update: (bot) => updateCard(bot, { element, parts, actions }) };
}

function updateCard(bot, { element, parts, actions }) {
  const price = state.prices?.get(`${bot.venue}:${bot.symbol}`);
  const [base = ''] = bot.symbol.split('-');
  setText(parts.name, bot.name);
  setText(parts.mode, modeLabel(bot.mode));
  setAttribute(parts.mode, 'class', `chip mode-${bot.mode}`);
  setText(parts.status, `${marks[bot.observed] ?? '◐'} ${words[bot.observed] ?? bot.observed}`);
  setAttribute(element, 'data-state', bot.observed);
  setText(parts.market, `${bot.symbol} · ${bot.venue} · ${bot.strategy}`);
  setText(parts.pnl, `${gain(bot.pnl, placesFor(bot.pnl))} ${bot.currency}`);
  setAttribute(parts.pnl, 'data-tone', toneOf(bot.pnl));
  setText(parts.price, decimal(price?.last ?? price?.bid, placesOf(price?.last, price?.bid, price?.ask)));
  setText(parts.cycles, `${bot.cycles} · ${bot.fills} fills`);
  setText(parts.fees, `${decimal(bot.fees, placesFor(bot.fees))} ${bot.currency}`);
  setText(parts.held, signOf(bot.held) === 0 ? 'nothing' : `${decimal(bot.held)} ${base}`);
  setText(parts.lastFill, lastFillWords(bot));
  setText(parts.reason, reasonWords(bot));
  actions.update(bot);
}

function lastFillWords(bot) {
  let newest = null;
  for (const fill of state.fills?.values() ?? []) {
    if (fill.bot === bot.id && (newest === null || fill.occurredAt > newest.occurredAt)) newest = fill;
  }
  if (newest === null) return bot.fills === 0 ? 'No fill yet' : '';
  const side = newest.side === 'buy' ? 'Bought' : 'Sold';
  return `${side} ${decimal(newest.quantity)} at ${decimal(newest.price)} · ${ago(newest.occurredAt, Date.now())}`;
}

/** Wanted and observed are both told where they differ. */
function reasonWords(bot) {
  const wanted = bot.desired === bot.observed || busy.has(bot.observed) ? '' : `You asked for ${bot.desired}. `;
  return `${wanted}${bot.reason.text}`;
}

const verbs = {
  start: { label: 'Start', mark: 'play', may: (bot) => bot.observed === 'stopped' || bot.observed === 'error' },
  pause: { label: 'Pause', mark: 'pause', may: (bot) => bot.observed === 'running' },
  resume: { label: 'Resume', mark: 'play', may: (bot) => bot.observed === 'paused' },
  stop: { label: 'Stop', mark: 'stop', may: (bot) => bot.desired !== 'stopped' || bot.observed === 'error' },
  flatten: {
    label: 'Flatten',
    mark: 'flatten',
    may: (bot) => bot.observed !== 'flattening' && (bot.desired !== 'stopped' || signOf(bot.held) !== 0),
  },
};
const titles = {
  start: 'Begin to trade',
  pause: 'Open nothing new; exits go on',
  resume: 'Open new positions again',
  stop: 'Cancel own orders, keep the position',
  flatten: 'Stop, then close the position at market',
};

function botActions(botId) {
  const buttons = Object.entries(verbs).map(([verb, { label, mark }]) => {
    const button = h(
      'button',
      { class: `button small ${verb === 'flatten' ? 'danger' : ''}`, type: 'button' },
      icon(mark),
      h('span', {}, label),
    );
    button.addEventListener('click', () => tell(botId, verb, button));
    return { verb, button };
  });
  const element = h('div', { class: 'actions' }, ...buttons.map(({ button }) => button));
  const update = (bot) => {
    for (const { verb, button } of buttons) {
      const may = verbs[verb].may(bot) && button.dataset.waiting !== 'true';
      if (button.disabled === may) button.disabled = !may;
      setAttribute(button, 'title', may ? titles[verb] : `Not while the bot is ${bot.observed}`);
      // One of start, pause and resume makes sense at a time; the others would only be noise.
      const shown =
        verb === 'stop' ||
        verb === 'flatten' ||
        verbs[verb].may(bot) ||
        (verb === 'pause' && !verbs.start.may(bot) && !verbs.resume.may(bot));
      button.hidden = !shown;
    }
  };
  return { element, update };
}

async function tell(botId, verb, button) {
  const bot = state.bots?.get(botId);
  if (bot === undefined) return;
  if (verb === 'flatten') {
    const sure = await ask({
      title: `Flatten ${bot.name}?`,
      lines: [`Mode: ${modeLabel(bot.mode)}. Its orders are cancelled and ${holdingWords(bot)}.`],
      confirm: 'Flatten now',
    });
    if (sure === null) return;
  }
  button.dataset.waiting = 'true';
  button.disabled = true;
  try {
    await call('POST', `/v1/bots/${botId}/${verb}`, {});
  } catch (error) {
    toastProblem(error);
  } finally {
    delete button.dataset.waiting;
  }
}

const holdingWords = (bot) =>
  signOf(bot.held) === 0
    ? 'it is stopped; it holds nothing now'
    : `what it holds (${decimal(bot.held)} ${bot.symbol.split('-')[0]}) is closed at the market price`;
