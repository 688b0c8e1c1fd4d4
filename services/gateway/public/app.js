import { accessToken, call, isLoggedIn, logOut, watchSession } from './api.js';
import { h } from './dom.js';
import { Live } from './live.js';
import { apply, changed, forgetWatchers, reset, state } from './state.js';
import { toastProblem } from './toast.js';
import { activitySection } from './view-activity.js';
import { botsSection } from './view-bots.js';
import { entrance } from './view-entrance.js';
import { dashboardHeader } from './view-header.js';
import { holdingsSection } from './view-holdings.js';
import { marketsSection } from './view-markets.js';
import { summarySection } from './view-summary.js';
import { fillsSection, ordersSection } from './view-trading.js';

const ownChannels = ['bots', 'orders', 'fills', 'activity', 'accounts', 'prices', 'state'];
const chartsMax = 12;
const clockMs = 500;

const app = document.getElementById('app');
let live = null;
let clock = null;

function show(...elements) {
  app.replaceChildren(...elements);
}

function enter() {
  leave();
  show(entrance({ onDone: openDashboard }));
}

function leave() {
  live?.stop();
  live = null;
  clearInterval(clock);
  forgetWatchers();
  reset();
}

function openDashboard() {
  leave();
  live = new Live({
    onFrame: (frame) => {
      apply(frame);
      if (frame.ch === 'bots' || frame.ch === 'prices') followCharts();
    },
    onStatus: (status) => {
      state.connection = status;
      changed('connection');
    },
    onEnd: enter,
  });
  show(
    dashboardHeader({ onLogOut: () => logOut() }),
    h(
      'main',
      { id: 'main', class: 'page', tabindex: '-1' },
      summarySection(),
      marketsSection(),
      botsSection(),
      h('div', { class: 'columns' }, ordersSection(), activitySection()),
      h('div', { class: 'columns' }, fillsSection(), holdingsSection()),
    ),
  );
  live.subscribe(ownChannels);
  live.start();
  clock = setInterval(() => changed('clock'), clockMs);
  call('GET', '/v1/me').then(
    (user) => {
      state.user = user;
      changed('user');
    },
    (error) => toastProblem(error),
  );
}

/** A chart for every market that a bot trades, or for the first ones when there is no bot yet. */
function followCharts() {
  const traded = [...(state.bots?.values() ?? [])].map(({ venue, symbol }) => `${venue}:${symbol}`);
  const known = [...(state.prices?.keys() ?? [])];
  const wanted = [...new Set(traded.length > 0 ? traded : known)].slice(0, chartsMax);
  const names = wanted.map((instrument) => `candles:${instrument}:1s`);
  live?.subscribe(names);
}

watchSession({
  ended: enter,
  renewed: (token) => live?.renew(token),
});
// A token is renewed shortly before it ends, also when nobody clicks.
setInterval(() => {
  if (isLoggedIn()) accessToken().catch(() => {});
}, 20_000);

if (isLoggedIn()) openDashboard();
else enter();
