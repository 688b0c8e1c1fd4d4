// What must be true beside the books (tools/recovery/violations.mjs): of every intent, of each step of an order, while trading is
// halted, and of what the gateway shows.
import { exact } from '../recovery/decimals.mjs';

const final = ['filled', 'canceled', 'rejected', 'expired', 'denied'];
const endings = ['canceled', 'rejected', 'expired', 'denied'];

/** An order that was approved just before a halt may be on its way; nothing is that was marked so much later. */
const haltReachesMs = 1_000;

const at = (ms) => new Date(ms).toISOString();

/**
 * @typedef {object} Facts
 * @property {readonly string[]} requests client order ids that a bot asked for
 * @property {readonly {id: string, approved: boolean, at: number, expiresAt: number | null, place: string}[]} verdicts of the bus and of
 *   the gate's table; whole milliseconds
 * @property {{orders: readonly object[], steps: readonly object[], fills: readonly object[], bots: readonly object[],
 *   cycles: readonly object[]}} records rows of execution and strategy
 * @property {{orders: readonly object[], steps: readonly object[], fills: readonly object[], bots: readonly object[],
 *   cycles: readonly object[]}} shown the same, as the gateway shows it
 * @property {readonly {from: number, to: number}[]} halts from when a halt was answered to when its release was asked for
 * @property {readonly object[]} venueOrders rows of GET allOrders
 */

/** I2: one verdict of every request, and one final state of everything that was approved. */
function* verdictViolations({ requests, verdicts, records }) {
  const byId = Map.groupBy(verdicts, ({ id }) => id);
  for (const id of requests) if (!byId.has(id)) yield `${id}: was asked for and has no verdict`;
  const orders = new Map(records.orders.map((order) => [order.client_order_id, order]));
  for (const [id, given] of byId) {
    const told = given.map(
      ({ approved, at: when, place }) => `${approved ? 'approved' : 'denied'} at ${at(when)} in ${place}`,
    );
    const ends = new Set(given.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [at(expiresAt)])));
    if (ends.size > 1) yield `${id}: an approval with several ends: ${[...ends].join(', ')}`;
    if (new Set(given.map(({ approved }) => approved)).size > 1) yield `${id}: two verdicts: ${told.join('; ')}`;
    else if (given[0].approved && !orders.has(id)) yield `${id}: ${told[0]}, and execution does not know it`;
    else if (!given[0].approved && orders.has(id))
      yield `${id}: ${told[0]}, and execution has it: ${orders.get(id).status}`;
  }
  for (const { client_order_id: id, status, bot_id: bot } of records.orders) {
    if (!byId.has(id)) yield `${id}: execution has an order of ${bot} (${status}) without a verdict`;
    if (!final.includes(status)) yield `${id}: is still ${status} after every bot was stopped`;
  }
}

/** I7: steps without a gap, nothing after an end but a late fill, and what is filled only grows. */
function* stepViolations({ records }) {
  const stepsOf = Map.groupBy(records.steps, ({ client_order_id: id }) => id);
  for (const { client_order_id: id, version, filled_quantity: booked, quantity } of records.orders) {
    const steps = stepsOf.get(id) ?? [];
    const told = steps.map(({ version: number, kind }) => `${number} ${kind}`).join(', ');
    const gapless = steps.every((step, index) => step.version === index + 1) && steps.length === version;
    if (!gapless) yield `${id}: its steps are not 1 to ${version}: ${told}`;
    const end = steps.findIndex(({ kind }) => endings.includes(kind));
    const later = end < 0 ? [] : steps.slice(end + 1).filter(({ kind }) => kind !== 'filled');
    if (later.length > 0) yield `${id}: goes on after its end: ${told}`;
    const filled = steps.reduce((sum, step) => sum + (step.kind === 'filled' ? unitsOf(step.quantity) : 0n), 0n);
    if (filled !== exact(booked)) yield `${id}: ${booked} are filled, its steps have other fills: ${told}`;
    if (exact(booked) > exact(quantity)) yield `${id}: ${booked} are filled of ${quantity}`;
  }
}

/** A step keeps a quantity as the text of its units, 10^-12 each; exact decimals here count 10^-18. */
const unitsOf = (text) => BigInt(text) * 10n ** 6n;

/** I8: while trading is halted nothing is approved that opens, and nothing that opens leaves. */
function* haltViolations({ halts, verdicts, records, venueOrders }) {
  const opening = new Set(
    records.orders.filter(({ purpose }) => purpose === 'open').map((order) => order.client_order_id),
  );
  const atVenue = new Map(venueOrders.map(({ clientOrderId, time }) => [clientOrderId, time]));
  const marks = records.steps.filter(
    ({ client_order_id: id, kind }) => kind === 'sending' && opening.has(id) && atVenue.has(id),
  );
  // Whoever asks again hears the first verdict again, with its old end: that is no new one.
  const decided = new Map();
  for (const { id, approved, at: when } of verdicts)
    if (approved) decided.set(id, Math.min(when, decided.get(id) ?? Number.POSITIVE_INFINITY));
  for (const { from, to } of halts) {
    const during = (ms, graceMs) => ms > from + graceMs && ms < to;
    const halted = `trading was halted from ${at(from)} to ${at(to)}`;
    for (const [id, when] of decided)
      if (opening.has(id) && during(when, 0)) yield `${id}: approved at ${at(when)}, but ${halted}`;
    for (const { client_order_id: id, recorded_at_us: micros } of marks) {
      const when = Number(micros) / 1_000;
      if (during(when, haltReachesMs))
        yield `${id}: sent at ${at(when)}, at the venue at ${at(atVenue.get(id))}, but ${halted}`;
    }
  }
}

const exactly = ['price', 'quantity', 'fee', 'filled_quantity', 'pnl', 'held', 'buy_price', 'sell_price', 'net'];
const sameIn = (ours, theirs) => (name) =>
  exactly.includes(name) ? exact(ours[name]) === exact(theirs[name]) : String(ours[name]) === String(theirs[name]);

/** What the gateway shows, and by which columns it is the same thing. */
const projections = {
  orders: { key: ['client_order_id'], same: ['version', 'status', 'filled_quantity'] },
  steps: { key: ['client_order_id', 'version'], same: ['kind'] },
  fills: {
    key: ['account_id', 'instrument_id', 'trade_id', 'client_order_id'],
    same: ['price', 'quantity', 'fee', 'fee_currency'],
  },
  bots: { key: ['id'], same: ['version', 'observed', 'cycles', 'fills', 'pnl', 'held'] },
  cycles: { key: ['bot_id', 'number'], same: ['quantity', 'buy_price', 'sell_price', 'net'] },
};

/** I10: the gateway shows what is on record, all of it and nothing else; what the gate denied never came to execution. */
function* projectionViolations({ records, shown, verdicts }) {
  const denied = new Set(verdicts.filter(({ approved }) => !approved).map(({ id }) => id));
  for (const [name, { key, same }] of Object.entries(projections)) {
    const keyOf = (row) => key.map((column) => row[column]).join(' ');
    const theirs = new Map(shown[name].map((row) => [keyOf(row), row]));
    for (const row of records[name]) {
      const view = theirs.get(keyOf(row));
      theirs.delete(keyOf(row));
      if (view === undefined) yield `the gateway does not show ${name} ${keyOf(row)}`;
      else
        for (const column of same.filter((one) => !sameIn(row, view)(one)))
          yield `the gateway shows ${name} ${keyOf(row)} with ${column} ${view[column]}, on record is ${row[column]}`;
    }
    for (const [id, view] of theirs)
      if (name !== 'orders' || view.status !== 'denied' || !denied.has(id))
        yield `the gateway shows ${name} ${id}, of which there is no record`;
  }
}

/**
 * @param {Facts} facts
 * @returns {readonly string[]} each thing that must never be; empty when all is well
 */
export function invariantViolations(facts) {
  return [
    ...verdictViolations(facts),
    ...stepViolations(facts),
    ...haltViolations(facts),
    ...projectionViolations(facts),
  ];
}
