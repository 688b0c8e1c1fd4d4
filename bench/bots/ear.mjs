// A bystander at the bus: how much of the market is told, which orders are asked for, and how long after the price that led to
// them. Both are heard at the same socket by the same clock, so the time is that of the decision with one hop of the bus.
import { connect } from '@nats-io/transport-node';
import {
  cancelRequested,
  orderChanged,
  orderDenied,
  orderRequested,
  quoteChanged,
  tradeTicked,
} from '@scalpstorm/contracts';
import { isFinal } from '@scalpstorm/model';

/** Prices whose decision may still come; the oldest is forgotten. */
const ticksMax = 50_000;
/** An approval is worthless after two seconds, a request after five. */
const answerMsMax = 30_000;

/** Takes in what was heard, and when, in milliseconds; no network. */
export function createEar() {
  const tickAt = new Map();
  const waiting = new Set();
  /** What was asked for and has no answer yet, orders and cancels, and since when; oldest first. */
  const onTheWay = new Map();
  let heard = nothingHeard();

  const onTick = ({ meta }, at) => {
    heard.ticks += 1;
    tickAt.set(meta.eventId, at);
    if (tickAt.size > ticksMax) tickAt.delete(tickAt.keys().next().value);
  };
  const onRequest = ({ meta, order, ask }, at) => {
    for (const resolve of waiting) resolve(at);
    waiting.clear();
    if (ask > 0) {
      heard.askedAgain += 1;
      return;
    }
    onTheWay.set(order.clientOrderId, at);
    heard.requests += 1;
    heard.bots.add(order.botId);
    const causedAt = meta.causedBy === null ? undefined : tickAt.get(meta.causedBy);
    if (causedAt !== undefined) heard.decisionMs.push(at - causedAt);
  };
  const onChange = ({ event: { kind }, order }) => {
    const { clientOrderId } = order.request;
    if (kind !== 'sending') onTheWay.delete(clientOrderId);
    if (isFinal(order.status)) onTheWay.delete(`cancel ${clientOrderId}`);
    heard.events.set(kind, (heard.events.get(kind) ?? 0) + 1);
  };
  const onDenial = ({ order }) => {
    onTheWay.delete(order.clientOrderId);
    heard.denied += 1;
  };

  return {
    hears: [
      [quoteChanged, onTick],
      [tradeTicked, onTick],
      [orderRequested, onRequest],
      [cancelRequested, ({ clientOrderId }, at) => onTheWay.set(`cancel ${clientOrderId}`, at)],
      [orderDenied, onDenial],
      [orderChanged, onChange],
    ],
    /** What was heard since the last call. */
    take: () => {
      const taken = heard;
      heard = nothingHeard();
      return taken;
    },
    peek: () => heard,
    /** How many are not older than an answer can be; the others were lost, and their bots ask again. */
    onTheWay: (now = performance.now()) => {
      for (const [id, at] of onTheWay) {
        if (now - at < answerMsMax) break;
        onTheWay.delete(id);
        heard.unanswered += 1;
      }
      return onTheWay.size;
    },
    /** When the next order is asked for. */
    nextRequest: () => new Promise((resolve) => waiting.add(resolve)),
  };
}

const nothingHeard = () => ({
  ticks: 0,
  requests: 0,
  askedAgain: 0,
  denied: 0,
  unanswered: 0,
  bots: new Set(),
  decisionMs: [],
  events: new Map(),
});

/** An ear at the bus of the bench's servers. */
export async function listen(namespace) {
  const { TEST_NATS_URL, TEST_NATS_ADMIN_USER, TEST_NATS_ADMIN_PASSWORD } = process.env;
  const nats = await connect({ servers: TEST_NATS_URL, user: TEST_NATS_ADMIN_USER, pass: TEST_NATS_ADMIN_PASSWORD });
  const { hears, ...ear } = createEar();
  for (const [contract, hear] of hears) {
    const subject = `${namespace}.${contract.subject.replace(/\{.*$/, '>')}`;
    nats.subscribe(subject, { callback: (error, { data }) => error ?? hear(contract.decode(data), performance.now()) });
  }
  await nats.flush();
  return { ...ear, stop: () => nats.close() };
}
