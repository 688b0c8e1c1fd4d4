// What the page knows. Frames come in, sections are told once a frame of the screen.

const rowsMax = { orders: 400, fills: 200, activity: 400, candles: 300 };

export const state = {
  user: null,
  /** connecting, live, reconnecting */
  connection: 'connecting',
  /** When the newest data was received, by this machine's clock; null before the first. */
  dataAt: null,
  /** Rows by key, or null while the first snapshot is awaited. */
  bots: null,
  orders: null,
  fills: null,
  activity: null,
  accounts: null,
  prices: null,
  trading: null,
  /** Candles of one second, by instrument. */
  candles: new Map(),
};

const watchers = [];
const dirty = new Set();
let scheduled = false;

/** Calls `render` after any of these slices changed. */
export function watch(slices, render) {
  watchers.push({ slices, render });
  render();
}

export function forgetWatchers() {
  watchers.length = 0;
}

export function changed(...slices) {
  for (const slice of slices) dirty.add(slice);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const now = new Set(dirty);
    dirty.clear();
    for (const { slices: wanted, render } of watchers) if (wanted.some((slice) => now.has(slice))) render();
  });
}

export function reset() {
  for (const slice of ['user', 'dataAt', 'bots', 'orders', 'fills', 'activity', 'accounts', 'prices', 'trading'])
    state[slice] = null;
  state.candles = new Map();
  state.connection = 'connecting';
}

const keys = {
  bots: (row) => row.id,
  orders: (row) => row.clientOrderId,
  fills: (row) => `${row.account}/${row.symbol}/${row.tradeId}/${row.clientOrderId}`,
  activity: (row) => row.id,
  accounts: (row) => row.id,
  prices: (row) => row.instrument,
};

export const fillKey = keys.fills;

/** @param {{ch: string, type: 'snapshot' | 'delta', data: object[]}} frame */
export function apply(frame) {
  state.dataAt = Date.now();
  if (frame.ch === 'state') state.trading = frame.data[0] ?? null;
  else if (frame.ch.startsWith('candles:')) applyCandles(frame);
  else applyRows(frame);
  changed(frame.ch === 'state' ? 'trading' : frame.ch.startsWith('candles:') ? 'candles' : frame.ch, 'dataAt');
}

function applyRows({ ch, type, data }) {
  const keyOf = keys[ch];
  if (keyOf === undefined) return;
  const rows = type === 'snapshot' || state[ch] === null ? new Map() : state[ch];
  for (const row of data) {
    const key = keyOf(row);
    const known = rows.get(key);
    if (known?.version !== undefined && row.version < known.version) continue;
    if (row.deleted) rows.delete(key);
    else rows.set(key, row);
  }
  trim(rows, rowsMax[ch]);
  state[ch] = rows;
}

/** Drops what is oldest by time; open orders stay. */
function trim(rows, max) {
  if (max === undefined || rows.size <= max * 1.25) return;
  const oldest = [...rows.entries()]
    .filter(([, row]) => row.final !== false)
    .sort(([, left], [, right]) => (timeOf(left) < timeOf(right) ? -1 : 1));
  for (const [key] of oldest.slice(0, rows.size - max)) rows.delete(key);
}

const timeOf = (row) => row.updatedAt ?? row.occurredAt ?? row.at ?? '';

function applyCandles({ ch, type, data }) {
  const [, venue, symbol] = ch.split(':');
  const instrument = `${venue}:${symbol}`;
  const rows = type === 'snapshot' ? new Map() : (state.candles.get(instrument) ?? new Map());
  for (const row of data) rows.set(row.openedAt, row);
  while (rows.size > rowsMax.candles) rows.delete(rows.keys().next().value);
  state.candles.set(instrument, rows);
}
