import { h } from './dom.js';
import { decimal, gain, modeLabel, placesFor, signOf, toneOf } from './format.js';
import { section } from './section.js';
import { state, watch } from './state.js';
import { table } from './table.js';

/** What the venue says I hold, and what my fills add up to. */
export function holdingsSection() {
  const balances = table({
    caption: 'Balances',
    keyOf: (row) => `${row.account}/${row.currency}`,
    columns: [
      { label: 'Account', value: ({ account, mode }) => `${account} · ${modeLabel(mode)}` },
      { label: 'Asset', value: ({ currency }) => currency },
      { label: 'Free', number: true, value: ({ free }) => decimal(free) },
      { label: 'In orders', number: true, value: ({ locked }) => decimal(locked) },
      { label: 'Total', number: true, value: ({ total }) => decimal(total) },
    ],
  });
  const positions = table({
    caption: 'Positions',
    keyOf: (row) => `${row.account}/${row.bot}/${row.symbol}`,
    columns: [
      { label: 'Bot', value: ({ bot }) => (bot === null ? 'by hand' : (state.bots?.get(bot)?.name ?? bot)) },
      { label: 'Symbol', value: ({ symbol }) => symbol },
      { label: 'Quantity', number: true, value: ({ quantity }) => decimal(quantity) },
      {
        label: 'Cash flow',
        number: true,
        value: ({ cash, currency }) => `${gain(cash, placesFor(cash))} ${currency}`,
        tone: ({ cash }) => toneOf(cash),
      },
      { label: 'Fills', number: true, value: ({ fills }) => String(fills) },
    ],
  });
  const none = h('p', { class: 'state' }, 'No open positions.');
  const content = h(
    'div',
    { class: 'stack' },
    h('h3', { class: 'sub' }, 'Balances'),
    balances.element,
    h('h3', { class: 'sub' }, 'Open positions'),
    none,
    positions.element,
  );
  const { element, show } = section(
    {
      title: 'Holdings',
      loading: 'Loading holdings …',
      empty: 'No account has reported yet. Execution reports as soon as it has spoken to the venue.',
    },
    content,
  );
  watch(['accounts', 'bots'], () => {
    const accounts = state.accounts === null ? null : [...state.accounts.values()];
    show(accounts);
    if (accounts === null) return;
    balances.render(accounts.flatMap((account) => account.balances));
    const open = accounts.flatMap((account) => account.positions).filter(({ quantity }) => signOf(quantity) !== 0);
    none.hidden = open.length > 0;
    positions.element.hidden = open.length === 0;
    positions.render(open);
  });
  return element;
}
