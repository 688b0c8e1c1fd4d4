import { call } from './api.js';
import { h, setAttribute, setText } from './dom.js';
import { decimal, timeOf } from './format.js';
import { section } from './section.js';
import { fillKey, state, watch } from './state.js';
import { table } from './table.js';
import { toastProblem } from './toast.js';

const shownMax = 60;

const sideWords = ({ side }) => (side === 'buy' ? '▲ Buy' : '▼ Sell');
const sideTone = ({ side }) => (side === 'buy' ? 'up' : 'down');
const botName = ({ bot }) => (bot === null ? 'by hand' : (state.bots?.get(bot)?.name ?? bot));

/** Open orders, or the newest that are over. */
export function ordersSection() {
  let view = 'open';
  const tabs = ['open', 'recent'].map((name) => {
    const button = h(
      'button',
      { class: 'tab', type: 'button', 'aria-pressed': String(name === view) },
      name === 'open' ? 'Open' : 'Recent',
    );
    button.addEventListener('click', () => {
      view = name;
      for (const other of tabs) setAttribute(other, 'aria-pressed', other === button);
      draw();
    });
    return button;
  });
  const orders = table({
    caption: 'Orders',
    keyOf: (order) => order.clientOrderId,
    columns: [
      { label: 'Time', value: (order) => timeOf(order.updatedAt) },
      { label: 'Bot', value: botName },
      { label: 'Symbol', value: ({ symbol }) => symbol },
      { label: 'Side', value: sideWords, tone: sideTone },
      {
        label: 'Price',
        number: true,
        value: ({ price, averagePrice }) =>
          price === null ? (averagePrice === null ? 'market' : decimal(averagePrice)) : decimal(price),
      },
      {
        label: 'Filled',
        number: true,
        value: ({ filledQuantity, quantity }) => `${decimal(filledQuantity)} / ${decimal(quantity)}`,
      },
      { label: 'Status', cell: statusCell },
    ],
  });
  const { element, show } = section(
    {
      title: 'Orders',
      loading: 'Loading orders …',
      empty: 'No open orders.',
      tools: [h('div', { class: 'tabs', role: 'group', 'aria-label': 'Which orders' }, ...tabs)],
    },
    orders.element,
  );
  const draw = () => {
    const rows =
      state.orders === null
        ? null
        : [...state.orders.values()]
            .filter((order) => order.final === (view === 'recent'))
            .sort((left, right) => (left.updatedAt < right.updatedAt ? 1 : -1))
            .slice(0, shownMax);
    show(rows, view === 'open' ? 'No open orders.' : 'No order is over yet.');
    if (rows !== null) orders.render(rows);
  };
  watch(['orders', 'bots'], draw);
  return element;
}

/** The status in words, the reason under it, and the way to cancel. */
function statusCell() {
  const words = h('span', { class: 'order-status' });
  const reason = h('span', { class: 'muted small' });
  const cancel = h('button', { class: 'button ghost small', type: 'button' }, 'Cancel');
  let current = null;
  cancel.addEventListener('click', async () => {
    cancel.disabled = true;
    try {
      await call('DELETE', `/v1/orders/${current.clientOrderId}`);
    } catch (error) {
      cancel.disabled = false;
      toastProblem(error);
    }
  });
  const update = (order) => {
    current = order;
    setText(words, order.status);
    setAttribute(words, 'data-status', order.status);
    setText(reason, order.status === 'filled' ? '' : (order.reason?.text ?? ''));
    cancel.hidden = order.final;
    setAttribute(cancel, 'aria-label', `Cancel ${order.side} of ${order.quantity} ${order.symbol}`);
  };
  return { element: h('span', { class: 'status-cell' }, words, reason, cancel), update };
}

/** The newest executions. */
export function fillsSection() {
  const fills = table({
    caption: 'Fills',
    keyOf: fillKey,
    columns: [
      { label: 'Time', value: (fill) => timeOf(fill.occurredAt) },
      { label: 'Bot', value: botName },
      { label: 'Symbol', value: ({ symbol }) => symbol },
      { label: 'Side', value: sideWords, tone: sideTone },
      { label: 'Price', number: true, value: ({ price }) => decimal(price) },
      { label: 'Quantity', number: true, value: ({ quantity }) => decimal(quantity) },
      {
        label: 'Fee',
        number: true,
        value: ({ fee, liquidity }) => `${decimal(fee.amount)} ${fee.currency} · ${liquidity}`,
      },
    ],
  });
  const { element, show } = section(
    { title: 'Fills', loading: 'Loading fills …', empty: 'No fills yet.' },
    fills.element,
  );
  watch(['fills', 'bots'], () => {
    const rows =
      state.fills === null
        ? null
        : [...state.fills.values()]
            .sort((left, right) => (left.occurredAt < right.occurredAt ? 1 : -1))
            .slice(0, shownMax);
    show(rows);
    if (rows !== null) fills.render(rows);
  });
  return element;
}
