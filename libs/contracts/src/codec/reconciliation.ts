import type { MessageInitShape } from '@bufbuild/protobuf';
import { Price, Quantity } from '@scalpstorm/model';
import { defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/execution/v1/reconciliation_pb.js';
import type {
  AccountStanding,
  DifferenceRecord,
  ExternalDecision,
  ExternalOrder,
  ReconciliationAnswer,
  ReconciliationRequest,
  ReconciliationStanding,
} from '../reconciliations.js';
import { readAnswer } from './answers.js';
import { readDifference, trigger, writeDifference } from './execution.js';
import {
  enumMapping,
  present,
  readAccountId,
  readAll,
  readInstrumentId,
  readOptional,
  readPrice,
  readQuantity,
  readTimestamp,
  readUserId,
  readVenueOrderId,
  side,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const verb = enumMapping<ReconciliationRequest['kind'], wire.ReconciliationVerb>({
  states: wire.ReconciliationVerb.STATES,
  compare: wire.ReconciliationVerb.COMPARE,
  differences: wire.ReconciliationVerb.DIFFERENCES,
  'external-orders': wire.ReconciliationVerb.EXTERNAL_ORDERS,
  decide: wire.ReconciliationVerb.DECIDE,
});
const decision = enumMapping<ExternalDecision, wire.ExternalDecision>({
  adopt: wire.ExternalDecision.ADOPT,
  ignore: wire.ExternalDecision.IGNORE,
  cancel: wire.ExternalDecision.CANCEL,
});
const stateKind = enumMapping<AccountStanding['kind'], wire.AccountStateKind>({
  recovering: wire.AccountStateKind.RECOVERING,
  trading: wire.AccountStateKind.TRADING,
  'close-only': wire.AccountStateKind.CLOSE_ONLY,
  held: wire.AccountStateKind.HELD,
});
const circuit = enumMapping<AccountStanding['circuit'], wire.VenueCircuit>({
  closed: wire.VenueCircuit.CLOSED,
  'half-open': wire.VenueCircuit.HALF_OPEN,
  open: wire.VenueCircuit.OPEN,
});

export const reconciliationQuestion = defineQuestion(
  { schema: wire.ReconciliationAskRequestSchema, toWire: writeRequest, fromWire: readRequest },
  {
    schema: wire.ReconciliationAskReplySchema,
    toWire: (reply: ReconciliationAnswer) => ({
      answer: reply.ok
        ? { case: 'standing' as const, value: writeStanding(reply.value) }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): ReconciliationAnswer => readAnswer(answer, at, { standing: readStanding }),
  },
);

function writeRequest(request: ReconciliationRequest): MessageInitShape<typeof wire.ReconciliationAskRequestSchema> {
  const common = { verb: verb.write(request.kind), userId: request.userId, accountIds: [...request.accountIds] };
  switch (request.kind) {
    case 'states':
    case 'compare':
      return common;
    case 'differences':
    case 'external-orders':
      return { ...common, before: request.before ?? undefined, limit: request.limit };
    case 'decide':
      return { ...common, externalOrderId: request.externalOrderId, decision: decision.write(request.decision) };
  }
}

function readRequest(message: wire.ReconciliationAskRequest, at: string): ReconciliationRequest {
  const kind = verb.read(message.verb, `${at}.verb`);
  const userId = readUserId(message.userId, `${at}.user_id`);
  const accountIds = readAll(message.accountIds, `${at}.account_ids`, readAccountId);
  const common = { userId, accountIds };
  switch (kind) {
    case 'states':
    case 'compare':
      return { ...common, kind };
    case 'differences':
    case 'external-orders':
      return { ...common, kind, before: message.before ?? null, limit: message.limit };
    case 'decide':
      return {
        ...common,
        kind,
        externalOrderId: message.externalOrderId,
        decision: decision.read(message.decision, `${at}.decision`),
      };
  }
}

const writeStanding = (value: ReconciliationStanding): MessageInitShape<typeof wire.ReconciliationStandingSchema> => ({
  states: value.states.map((state) => ({
    accountId: state.accountId,
    kind: stateKind.write(state.kind),
    code: state.code,
    text: state.text,
    circuit: circuit.write(state.circuit),
  })),
  differences: value.differences.map(writeDifference),
  history: value.history.map((record) => ({
    id: record.id,
    foundAtUs: writeTimestamp(record.foundAt),
    trigger: trigger.write(record.trigger),
    difference: writeDifference(record.difference),
  })),
  externalOrders: value.externalOrders.map(writeExternalOrder),
});

const readStanding = (standing: wire.ReconciliationStanding, at: string): ReconciliationStanding => ({
  states: readAll(standing.states, `${at}.states`, readState),
  differences: readAll(standing.differences, `${at}.differences`, readDifference),
  history: readAll(standing.history, `${at}.history`, readRecord),
  externalOrders: readAll(standing.externalOrders, `${at}.external_orders`, readExternalOrder),
});

const readState = (state: wire.AccountState, at: string): AccountStanding => ({
  accountId: readAccountId(state.accountId, `${at}.account_id`),
  kind: stateKind.read(state.kind, `${at}.kind`),
  code: state.code,
  text: state.text,
  circuit: circuit.read(state.circuit, `${at}.circuit`),
});

const readRecord = (record: wire.DifferenceRecord, at: string): DifferenceRecord => ({
  id: record.id,
  foundAt: readTimestamp(record.foundAtUs, `${at}.found_at_us`),
  trigger: trigger.read(record.trigger, `${at}.trigger`),
  difference: readDifference(present(record.difference, `${at}.difference`), `${at}.difference`),
});

const writeExternalOrder = (order: ExternalOrder): MessageInitShape<typeof wire.ExternalOrderSchema> => ({
  id: order.id,
  accountId: order.accountId,
  instrumentId: order.instrumentId,
  venueOrderId: order.venueOrderId,
  clientOrderId: order.clientOrderId,
  side: side.write(order.side),
  quantity: Quantity.format(order.quantity),
  filledQuantity: Quantity.format(order.filledQuantity),
  price: order.price === null ? undefined : Price.format(order.price),
  working: order.working,
  seenAtUs: writeTimestamp(order.seenAt),
  ...(order.decision === null
    ? {}
    : {
        decision: decision.write(order.decision.kind),
        decidedBy: order.decision.by,
        decidedAtUs: writeTimestamp(order.decision.at),
      }),
  outcome: order.outcome,
});

const readExternalOrder = (order: wire.ExternalOrder, at: string): ExternalOrder => ({
  id: order.id,
  accountId: readAccountId(order.accountId, `${at}.account_id`),
  instrumentId: readInstrumentId(order.instrumentId, `${at}.instrument_id`),
  venueOrderId: readVenueOrderId(order.venueOrderId, `${at}.venue_order_id`),
  clientOrderId: order.clientOrderId,
  side: side.read(order.side, `${at}.side`),
  quantity: readQuantity(order.quantity, `${at}.quantity`),
  filledQuantity: readQuantity(order.filledQuantity, `${at}.filled_quantity`),
  price: readOptional(order.price, `${at}.price`, readPrice),
  working: order.working,
  seenAt: readTimestamp(order.seenAtUs, `${at}.seen_at_us`),
  decision:
    order.decision === undefined
      ? null
      : {
          kind: decision.read(order.decision, `${at}.decision`),
          by: readUserId(present(order.decidedBy, `${at}.decided_by`), `${at}.decided_by`),
          at: readTimestamp(present(order.decidedAtUs, `${at}.decided_at_us`), `${at}.decided_at_us`),
        },
  outcome: order.outcome,
});
