import type { OrderChanged, OrderDenied } from '@scalpstorm/contracts';
import { type Bot, InstrumentId, notional, type OrderRequest, Price, Quantity } from '@scalpstorm/model';
import { moneyText } from './bot-notices.js';
import type { Notice } from './notice.js';

/** What happened to an order, where a user may want to know: it rests at the venue, it filled, the venue refused it. */
export function noticeOfOrder({ meta, order, event }: OrderChanged, bot: Bot | null): Notice | null {
  const { request } = order;
  const common = {
    id: meta.eventId,
    userId: request.userId,
    botId: request.botId,
    mode: request.mode,
    at: meta.occurredAt,
  };
  switch (event.kind) {
    case 'accepted':
      return {
        ...common,
        kind: 'order-placed',
        level: 'INFO',
        title: `${ownerText(request, bot)}order placed: ${wishText(request)}`,
        lines: [],
        burst: null,
      };
    case 'filled': {
      const { side, quantity, price, fee, liquidity } = event.fill;
      const total = notional(price, quantity, order.filledNotional.currency);
      const rest = order.status === 'filled' ? 'the whole order' : `${Quantity.format(order.filledQuantity)} so far`;
      return {
        ...common,
        kind: 'order-filled',
        level: 'SUCCESS',
        title: `${ownerText(request, bot)}${side === 'buy' ? 'bought' : 'sold'} ${Quantity.format(quantity)} ${symbolOf(request)} at ${Price.format(price)}`,
        lines: [`${moneyText(total)} (${liquidity}, fee ${moneyText(fee)}); ${rest}`],
        burst: null,
      };
    }
    case 'rejected':
      return {
        ...common,
        kind: 'order-rejected',
        level: 'WARNING',
        title: `${ownerText(request, bot)}the venue rejected an order: ${event.reason.code}`,
        lines: [wishText(request), event.reason.text],
        burst: `rejected:${request.botId ?? 'manual'}:${event.reason.code}`,
      };
    default:
      return null;
  }
}

/** The gate said no. A bot that runs into a limit does so again and again: the repeats are one burst. */
export function noticeOfDenial({ meta, order, denial }: OrderDenied, bot: Bot | null): Notice {
  const numbers = denial.limit === '' ? '' : ` (limit ${denial.limit}, value ${denial.value})`;
  return {
    id: meta.eventId,
    kind: 'order-denied',
    level: 'WARNING',
    userId: order.userId,
    botId: order.botId,
    mode: order.mode,
    title: `${ownerText(order, bot)}order denied: ${denial.code}`,
    lines: [wishText(order), `${denial.text}${numbers}`, denial.next].filter((line) => line !== ''),
    at: meta.occurredAt,
    burst: `denied:${order.botId ?? 'manual'}:${denial.code}`,
  };
}

function ownerText({ botId }: OrderRequest, bot: Bot | null): string {
  return botId === null ? '' : `${bot?.config.name ?? botId} `;
}

function wishText(request: OrderRequest): string {
  const price = request.price === null ? 'at the market' : `at ${Price.format(request.price)}`;
  return `${request.side} ${Quantity.format(request.quantity)} ${symbolOf(request)} ${price}${waitText(request)}`;
}

/** What it waits for; nothing for most. */
function waitText({ trigger }: OrderRequest): string {
  if (trigger === undefined) return '';
  if (trigger.kind === 'trailing') return `, ${trigger.kind} ${trigger.distanceBps} bps`;
  return `, ${trigger.kind} at ${Price.format(trigger.price)}`;
}

const symbolOf = ({ instrumentId }: OrderRequest): string => InstrumentId.parse(instrumentId)?.symbol ?? instrumentId;
