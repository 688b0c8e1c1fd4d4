// The orders of the bench's account as the exchange itself has them, with its own times.
import { createHmac } from 'node:crypto';

const rowsMax = 1_000;

/** @param {{rest: string, apiKey: string, secret: string}} exchange */
export function createVenueOrders({ rest, apiKey, secret }) {
  const ask = async (path, wanted) => {
    const query = new URLSearchParams({ ...wanted, timestamp: String(Date.now()) }).toString();
    const signature = createHmac('sha256', secret).update(query).digest('hex');
    const answer = await fetch(`${rest}${path}?${query}&signature=${signature}`, {
      headers: { 'X-MBX-APIKEY': apiKey },
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    /** The newest of these symbols, ours all of them. */
    all: async (symbols) =>
      (await Promise.all(symbols.map((symbol) => ask('/api/v3/allOrders', { symbol, limit: String(rowsMax) })))).flat(),
    open: () => ask('/api/v3/openOrders', {}),
  };
}

/** The entries of these bots are buys, and what closes is a sell. */
const isOpening = ({ side }) => side === 'BUY';

/** How long after the halt the last opening order arrived and the last cancel was done, in ms; 0: none after it. */
export function timesAfter(orders, haltedAt) {
  const opening = orders.filter(isOpening);
  const after = (times) => Math.max(0, ...times.map((at) => at - haltedAt));
  const canceled = opening.filter(({ status, time }) => status === 'CANCELED' && time <= haltedAt + 5_000);
  return {
    lastOrderMs: after(opening.map(({ time }) => time)),
    cancelsSentMs: after(canceled.map(({ updateTime }) => updateTime)),
    canceled: canceled.filter(({ updateTime }) => updateTime >= haltedAt).length,
  };
}
