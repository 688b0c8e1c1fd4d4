import { defineContract } from '../define.js';
import type { CancelRequested, OrderApproved, OrderChanged, OrderDenied, OrderRequested } from '../events.js';
import * as wire from '../generated/scalpstorm/order/v1/events_pb.js';
import {
  cancelReason,
  readOrder,
  readOrderEvent,
  readOrderRequest,
  writeOrder,
  writeOrderEvent,
  writeOrderRequest,
} from './order-values.js';
import {
  present,
  readAccountId,
  readClientOrderId,
  readMeta,
  readOptional,
  readText,
  readTimestamp,
  writeMeta,
  writeOptionalTimestamp,
  writeTimestamp,
} from './values.js';

const byOrder = { account: (event: OrderRequested | OrderApproved | OrderDenied): string => event.order.accountId };

export const orderRequested = defineContract(
  {
    schema: wire.OrderRequestedSchema,
    toWire: (event: OrderRequested) => ({
      meta: writeMeta(event.meta),
      order: writeOrderRequest(event.order),
      ask: event.ask,
      marketAtUs: writeOptionalTimestamp(event.marketAt),
      validUntilUs: writeOptionalTimestamp(event.validUntil ?? null),
    }),
    fromWire: (message, at): OrderRequested => {
      const validUntil = readOptional(message.validUntilUs, `${at}.valid_until_us`, readTimestamp);
      return {
        meta: readMeta(message.meta, at),
        order: readOrderRequest(message.order, `${at}.order`),
        ask: message.ask,
        marketAt: readOptional(message.marketAtUs, `${at}.market_at_us`, readTimestamp),
        ...(validUntil === null ? {} : { validUntil }),
      };
    },
  },
  byOrder,
);

export const orderApproved = defineContract(
  {
    schema: wire.OrderApprovedSchema,
    toWire: (event: OrderApproved) => ({
      meta: writeMeta(event.meta),
      order: writeOrderRequest(event.order),
      expiresAtUs: writeTimestamp(event.expiresAt),
    }),
    fromWire: (message, at): OrderApproved => ({
      meta: readMeta(message.meta, at),
      order: readOrderRequest(message.order, `${at}.order`),
      expiresAt: readTimestamp(message.expiresAtUs, `${at}.expires_at_us`),
    }),
  },
  byOrder,
);

export const orderDenied = defineContract(
  {
    schema: wire.OrderDeniedSchema,
    toWire: (event: OrderDenied) => {
      const { code, text, limit, value, next, field = '' } = event.denial;
      return {
        meta: writeMeta(event.meta),
        order: writeOrderRequest(event.order),
        denial: { code, text, limit, value, next, field },
      };
    },
    fromWire: (message, at): OrderDenied => {
      const denial = present(message.denial, `${at}.denial`);
      return {
        meta: readMeta(message.meta, at),
        order: readOrderRequest(message.order, `${at}.order`),
        denial: {
          code: readText(denial.code, `${at}.denial.code`),
          text: denial.text,
          limit: denial.limit,
          value: denial.value,
          next: denial.next,
          ...(denial.field === '' ? {} : { field: denial.field }),
        },
      };
    },
  },
  byOrder,
);

export const cancelRequested = defineContract(
  {
    schema: wire.CancelRequestedSchema,
    toWire: (event: CancelRequested) => ({
      meta: writeMeta(event.meta),
      accountId: event.accountId,
      clientOrderId: event.clientOrderId,
      reason: cancelReason.write(event.reason),
    }),
    fromWire: (message, at): CancelRequested => ({
      meta: readMeta(message.meta, at),
      accountId: readAccountId(message.accountId, `${at}.account_id`),
      clientOrderId: readClientOrderId(message.clientOrderId, `${at}.client_order_id`),
      reason: cancelReason.read(message.reason, `${at}.reason`),
    }),
  },
  { account: (event) => event.accountId },
);

export const orderChanged = defineContract(
  {
    schema: wire.OrderChangedSchema,
    toWire: (event: OrderChanged) => ({
      meta: writeMeta(event.meta),
      order: writeOrder(event.order),
      event: writeOrderEvent(event.event),
    }),
    fromWire: (message, at): OrderChanged => ({
      meta: readMeta(message.meta, at),
      order: readOrder(message.order, `${at}.order`),
      event: readOrderEvent(message.event, `${at}.event`),
    }),
  },
  { account: (event) => event.order.request.accountId },
);
