import { call } from './api.js';
import { ask } from './dialog.js';
import { h, icon, setAttribute, setText } from './dom.js';
import { age, modeLabel } from './format.js';
import { state, watch } from './state.js';
import { toastDone, toastProblem } from './toast.js';

const staleMs = 10_000;
const themeKey = 'scalpstorm.theme';

/** Who I am, whether what I see is true, and the way out. */
export function dashboardHeader({ onLogOut }) {
  const user = h('span', { class: 'user muted' });
  watch(['user'], () => setText(user, state.user?.email ?? ''));
  return h(
    'div',
    { class: 'top' },
    h(
      'header',
      { class: 'header' },
      h(
        'div',
        { class: 'brand' },
        h('img', { src: '/assets/mark.svg', alt: '', width: '28', height: '28' }),
        h('span', {}, 'Scalpstorm'),
      ),
      modeChips(),
      connectionPill(),
      h('div', { class: 'spacer' }),
      user,
      themeButton(),
      h('button', { class: 'button ghost', type: 'button', onclick: onLogOut }, 'Log out'),
      haltButton(),
    ),
    haltBanner(),
  );
}

/** The modes that the bots run in; live money is never left unsaid. */
function modeChips() {
  const box = h('div', { class: 'chips', 'aria-label': 'Modes in use' });
  watch(['bots'], () => {
    const modes = [...new Set([...(state.bots?.values() ?? [])].map(({ mode }) => mode))].sort();
    const text = modes.join();
    if (box.dataset.modes === text) return;
    box.dataset.modes = text;
    box.replaceChildren(...modes.map((mode) => h('span', { class: `chip mode-${mode}` }, modeLabel(mode))));
  });
  return box;
}

/** Live, late or lost, always with the age of the newest data. */
function connectionPill() {
  const mark = icon('dot');
  const text = h('span');
  const pill = h(
    'div',
    { class: 'pill', role: 'status', 'aria-live': 'off', title: 'Connection and age of the newest data' },
    mark,
    text,
  );
  watch(['connection', 'dataAt', 'clock'], () => {
    const elapsed = state.dataAt === null ? null : Date.now() - state.dataAt;
    const stale = elapsed !== null && elapsed > staleMs;
    const [tone, words] = connectionWords(elapsed, stale);
    setAttribute(pill, 'data-tone', tone);
    setAttribute(document.body, 'data-stale', state.connection !== 'live' || stale);
    setText(text, words);
  });
  return pill;
}

function connectionWords(elapsed, stale) {
  if (state.connection === 'live') {
    if (elapsed === null) return ['wait', 'Live'];
    return stale ? ['late', `Late · data ${age(elapsed)} old`] : ['live', `Live · ${age(elapsed)}`];
  }
  if (state.connection === 'connecting') return ['wait', 'Connecting …'];
  return ['lost', elapsed === null ? 'Reconnecting …' : `Reconnecting · data ${age(elapsed)} old`];
}

function themeButton() {
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  };
  const label = () => (dark() ? 'Switch to light' : 'Switch to dark');
  const button = h(
    'button',
    { class: 'button ghost square', type: 'button', 'aria-label': label(), title: label() },
    icon('theme'),
  );
  button.addEventListener('click', () => {
    const next = dark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(themeKey, next);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    setAttribute(button, 'aria-label', label());
    setAttribute(button, 'title', label());
    dispatchEvent(new Event('themechange'));
  });
  return button;
}

const isHalted = () => state.trading?.state === 'halted';

function haltButton() {
  const button = h(
    'button',
    { class: 'button danger solid halt', type: 'button' },
    icon('stop'),
    h('span', {}, 'HALT'),
  );
  watch(['trading'], () => {
    button.disabled = isHalted();
    setAttribute(button, 'title', isHalted() ? 'Trading is halted already' : 'Open no new orders, at once');
  });
  button.addEventListener('click', async () => {
    const text = await ask({
      title: 'Halt all trading?',
      lines: ['No new position is opened until you release it. Orders that close a position still go out.'],
      field: 'Why? (optional, goes into the log)',
      confirm: 'Halt now',
    });
    if (text !== null) await tell('/v1/halt', text, 'Trading is halted');
  });
  return button;
}

function haltBanner() {
  const text = h('span');
  const release = h('button', { class: 'button', type: 'button' }, 'Release');
  release.addEventListener('click', async () => {
    const reason = await ask({
      title: 'Release trading?',
      lines: ['Bots that are running open new positions again.'],
      confirm: 'Release',
      danger: false,
    });
    if (reason !== null) await tell('/v1/release', reason, 'Trading is released');
  });
  const banner = h('div', { class: 'banner', role: 'alert', hidden: true }, icon('stop'), text, release);
  watch(['trading'], () => {
    banner.hidden = !isHalted();
    if (isHalted()) setText(text, `Trading is halted.${state.trading.text ? ` ${state.trading.text}` : ''}`);
  });
  return banner;
}

async function tell(path, text, done) {
  try {
    await call('POST', path, { text });
    toastDone(done);
  } catch (error) {
    toastProblem(error);
  }
}
