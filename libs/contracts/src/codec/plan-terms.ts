import type { MessageInitShape } from '@bufbuild/protobuf';
import { unreachable } from '@scalpstorm/kernel';
import {
  type PlanEntry,
  type PlanKind,
  type PlanStop,
  type PlanTarget,
  type PlanTerms,
  Price,
  Quantity,
} from '@scalpstorm/model';
import * as wire from '../generated/scalpstorm/execution/v1/plans_pb.js';
import { readTrigger, triggerSource, writeTrigger } from './order-terms.js';
import { orderType, purpose, timeInForce } from './order-values.js';
import { enumMapping, present, readOptional, readPrice, readQuantity, side, unreadable } from './values.js';

const kinds = enumMapping<PlanKind, wire.PlanKind>({
  oco: wire.PlanKind.OCO,
  bracket: wire.PlanKind.BRACKET,
  twap: wire.PlanKind.TWAP,
  iceberg: wire.PlanKind.ICEBERG,
  flatten: wire.PlanKind.FLATTEN,
});

type WireTerms = MessageInitShape<typeof wire.PlanTermsSchema>;

export function writePlanTerms(terms: PlanTerms): WireTerms {
  const common = {
    kind: kinds.write(terms.kind),
    side: side.write(terms.side),
    quantity: Quantity.format(terms.quantity),
    ...(terms.kind === 'bracket' ? null : { purpose: purpose.write(terms.purpose) }),
  };
  switch (terms.kind) {
    case 'oco':
      return { ...common, stop: writeStop(terms.stop), target: writeTarget(terms.target) };
    case 'bracket': {
      const { entry, stop, target } = terms;
      const exits = { stop: writeStop(stop), ...(target === null ? null : { target: writeTarget(target) }) };
      return { ...common, entry: writeEntry(entry), ...exits };
    }
    case 'twap': {
      const { slices, intervalSeconds, price } = terms;
      return { ...common, slices, intervalSeconds, ...(price === null ? null : { price: Price.format(price) }) };
    }
    case 'iceberg':
      return { ...common, price: Price.format(terms.price), show: Quantity.format(terms.show) };
    case 'flatten':
      return common;
    default:
      return unreachable(terms);
  }
}

export function readPlanTerms(value: wire.PlanTerms | undefined, at: string): PlanTerms {
  const terms = present(value, at);
  const kind = kinds.read(terms.kind, `${at}.kind`);
  const common = {
    side: side.read(terms.side, `${at}.side`),
    quantity: readQuantity(terms.quantity, `${at}.quantity`),
  };
  const stop = () => readStop(present(terms.stop, `${at}.stop`), `${at}.stop`);
  const target = readOptional(terms.target, `${at}.target`, readTarget);
  const price = readOptional(terms.price, `${at}.price`, readPrice);
  if (kind === 'bracket') {
    const entry = readEntry(present(terms.entry, `${at}.entry`), `${at}.entry`);
    return { ...common, kind, entry, stop: stop(), target };
  }
  if (kind === 'flatten') return { ...common, kind, purpose: 'close' };
  const meant = { ...common, purpose: purpose.read(present(terms.purpose, `${at}.purpose`), `${at}.purpose`) };
  if (kind === 'oco') return { ...meant, kind, stop: stop(), target: target ?? unreadable(`${at}.target`, 'missing') };
  if (kind === 'iceberg') {
    const show = readQuantity(present(terms.show, `${at}.show`), `${at}.show`);
    return { ...meant, kind, show, price: price ?? unreadable(`${at}.price`, 'missing') };
  }
  const slices = present(terms.slices, `${at}.slices`);
  if (slices < 1) return unreadable(`${at}.slices`, 'none', String(slices));
  return { ...meant, kind, slices, intervalSeconds: present(terms.intervalSeconds, `${at}.interval_seconds`), price };
}

const writeEntry = ({ type, price, timeInForce: life, trigger }: PlanEntry) => ({
  type: orderType.write(type),
  timeInForce: timeInForce.write(life),
  ...(price === null ? null : { price: Price.format(price) }),
  ...(trigger === null ? null : { trigger: writeTrigger(trigger) }),
});
const readEntry = (entry: wire.PlanEntry, at: string): PlanEntry => ({
  type: orderType.read(entry.type, `${at}.type`),
  price: readOptional(entry.price, `${at}.price`, readPrice),
  timeInForce: timeInForce.read(entry.timeInForce, `${at}.time_in_force`),
  trigger: readOptional(entry.trigger, `${at}.trigger`, readTrigger),
});

const writeStop = ({ trigger, price }: PlanStop) => ({
  trigger: writeTrigger(trigger),
  ...(price === null ? null : { price: Price.format(price) }),
});
const readStop = ({ trigger, price }: wire.PlanStop, at: string): PlanStop => ({
  trigger: readTrigger(present(trigger, `${at}.trigger`), `${at}.trigger`),
  price: readOptional(price, `${at}.price`, readPrice),
});

const writeTarget = ({ price, source, type }: PlanTarget) => ({
  price: Price.format(price),
  source: triggerSource.write(source),
  type: orderType.write(type),
});
const readTarget = ({ price, source, type }: wire.PlanTarget, at: string): PlanTarget => ({
  price: readPrice(price, `${at}.price`),
  source: triggerSource.read(source, `${at}.source`),
  type: orderType.read(type, `${at}.type`),
});
