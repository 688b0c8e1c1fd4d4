import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type OrderTerms,
  Price,
  Quantity,
  type Trigger,
  type TriggerKind,
  type TriggerSource,
} from '@scalpstorm/model';
import * as wire from '../generated/scalpstorm/order/v1/order_pb.js';
import {
  enumMapping,
  readOptional,
  readPrice,
  readQuantity,
  readTimestamp,
  unreadable,
  writeTimestamp,
} from './values.js';

const kinds = enumMapping<TriggerKind, wire.TriggerKind>({
  stop: wire.TriggerKind.STOP,
  'take-profit': wire.TriggerKind.TAKE_PROFIT,
  trailing: wire.TriggerKind.TRAILING,
});
export const triggerSource = enumMapping<TriggerSource, wire.TriggerSource>({
  last: wire.TriggerSource.LAST,
  mark: wire.TriggerSource.MARK,
  mid: wire.TriggerSource.MID,
});

type Terms = Pick<MessageInitShape<typeof wire.OrderRequestSchema>, 'trigger' | 'expiresAtUs' | 'displayQuantity'>;

/** Nothing of an order that has none: most have none. */
export function writeTerms({ trigger, expiresAt, displayQuantity }: OrderTerms): Terms {
  return {
    ...(trigger === undefined ? null : { trigger: writeTrigger(trigger) }),
    ...(expiresAt === undefined ? null : { expiresAtUs: writeTimestamp(expiresAt) }),
    ...(displayQuantity === undefined ? null : { displayQuantity: Quantity.format(displayQuantity) }),
  };
}

export function readTerms({ trigger, expiresAtUs, displayQuantity }: wire.OrderRequest, at: string): OrderTerms {
  return {
    ...(trigger === undefined ? null : { trigger: readTrigger(trigger, `${at}.trigger`) }),
    ...(expiresAtUs === undefined ? null : { expiresAt: readTimestamp(expiresAtUs, `${at}.expires_at_us`) }),
    ...(displayQuantity === undefined
      ? null
      : { displayQuantity: readQuantity(displayQuantity, `${at}.display_quantity`) }),
  };
}

export function writeTrigger(trigger: Trigger): MessageInitShape<typeof wire.TriggerSchema> {
  const source = triggerSource.write(trigger.source);
  const kind = kinds.write(trigger.kind);
  if (trigger.kind !== 'trailing') return { kind, source, price: Price.format(trigger.price) };
  const { distanceBps, activation } = trigger;
  return { kind, source, distanceBps, ...(activation === null ? null : { activationPrice: Price.format(activation) }) };
}

export function readTrigger(trigger: wire.Trigger, at: string): Trigger {
  const kind = kinds.read(trigger.kind, `${at}.kind`);
  const source = triggerSource.read(trigger.source, `${at}.source`);
  if (kind !== 'trailing') {
    if (trigger.price === undefined) return unreadable(`${at}.price`, 'missing');
    return { kind, source, price: readPrice(trigger.price, `${at}.price`) };
  }
  const { distanceBps } = trigger;
  if (distanceBps === undefined) return unreadable(`${at}.distance_bps`, 'missing');
  const activation = readOptional(trigger.activationPrice, `${at}.activation_price`, readPrice);
  return { kind, source, distanceBps, activation };
}
