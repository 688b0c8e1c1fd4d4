import { h, keyedList, setAttribute, setText } from './dom.js';
import { timeOf } from './format.js';
import { section } from './section.js';
import { state, watch } from './state.js';

const levels = { INFO: 'ℹ Info', SUCCESS: '✓ Success', WARNING: '⚠ Warning', ERROR: '✕ Error' };
const shownMax = 150;

/** What happened, newest first, by level and bot. */
export function activitySection() {
  const level = select('Level', [['', 'All levels'], ...Object.entries(levels)]);
  const bot = select('Bot', [['', 'All bots']]);
  const list = h('ol', { class: 'log', tabindex: '0', 'aria-label': 'Activity' });
  const { element, show } = section(
    {
      title: 'Activity',
      loading: 'Loading the log …',
      empty: 'Nothing has happened yet.',
      tools: [level.element, bot.element],
    },
    list,
  );
  const render = keyedList(list, { keyOf: (row) => row.id, create: line });
  const draw = () => {
    fillBots(bot.input);
    const rows = state.activity === null ? null : matching(level.input.value, bot.input.value);
    const filtered = level.input.value !== '' || bot.input.value !== '';
    show(rows, filtered ? `0 of ${state.activity?.size ?? 0} match the filters.` : undefined);
    if (rows !== null) render(rows);
  };
  level.input.addEventListener('change', draw);
  bot.input.addEventListener('change', draw);
  watch(['activity', 'bots'], draw);
  return element;
}

function matching(level, bot) {
  return [...state.activity.values()]
    .filter((row) => (level === '' || row.level === level) && (bot === '' || row.bot === bot))
    .sort((left, right) => (left.at === right.at ? (left.id < right.id ? 1 : -1) : left.at < right.at ? 1 : -1))
    .slice(0, shownMax);
}

function select(label, options) {
  const input = h('select', { 'aria-label': label }, ...options.map(([value, words]) => h('option', { value }, words)));
  return { input, element: h('label', { class: 'select' }, input) };
}

/** Also bots that are gone: their log outlives them. */
function fillBots(input) {
  const named = new Map([...(state.bots?.values() ?? [])].map(({ id, name }) => [id, name]));
  for (const { bot } of state.activity?.values() ?? [])
    if (bot !== null && !named.has(bot)) named.set(bot, `${bot} (deleted)`);
  const wanted = [
    ['', 'All bots'],
    ...[...named].sort(([, left], [, right]) => left.localeCompare(right, undefined, { numeric: true })),
  ];
  const text = JSON.stringify(wanted);
  if (input.dataset.options === text) return;
  input.dataset.options = text;
  const { value } = input;
  input.replaceChildren(...wanted.map(([id, name]) => h('option', { value: id }, name)));
  input.value = named.has(value) ? value : '';
}

function line() {
  const time = h('time');
  const level = h('span', { class: 'level' });
  const text = h('span', { class: 'log-text' });
  const bot = h('span', { class: 'muted small' });
  const element = h('li', {}, time, level, h('span', { class: 'log-body' }, text, bot));
  const update = (row) => {
    setText(time, timeOf(row.at));
    setAttribute(time, 'datetime', row.at);
    setText(level, levels[row.level] ?? row.level);
    setAttribute(element, 'data-level', row.level);
    setText(text, row.text);
    setText(
      bot,
      [row.bot === null ? '' : (state.bots?.get(row.bot)?.name ?? row.bot), row.code].filter(Boolean).join(' · '),
    );
  };
  return { element, update };
}
