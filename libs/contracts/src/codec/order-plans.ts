import type { MessageInitShape } from '@bufbuild/protobuf';
import { PlanId, type PlanLeg, type PlanStatus, Quantity } from '@scalpstorm/model';
import { defineQuestion } from '../define.js';
import * as wire from '../generated/scalpstorm/execution/v1/plans_pb.js';
import type { OrderPlan, OrderPlanAnswer, OrderPlanRequest, PlanOrder } from '../order-plans.js';
import { readAnswer } from './answers.js';
import { readPlanTerms, writePlanTerms } from './plan-terms.js';
import {
  enumMapping,
  mode,
  present,
  readAccountId,
  readAll,
  readClientOrderId,
  readInstrumentId,
  readOptional,
  readQuantity,
  readReason,
  readText,
  readTimestamp,
  readUserId,
  unreadable,
  writeReason,
  writeRefusals,
  writeTimestamp,
} from './values.js';

const verb = enumMapping<OrderPlanRequest['kind'], wire.PlanVerb>({
  create: wire.PlanVerb.CREATE,
  list: wire.PlanVerb.LIST,
  get: wire.PlanVerb.GET,
  cancel: wire.PlanVerb.CANCEL,
});
const status = enumMapping<PlanStatus, wire.PlanStatus>({
  planned: wire.PlanStatus.PLANNED,
  working: wire.PlanStatus.WORKING,
  protecting: wire.PlanStatus.PROTECTING,
  done: wire.PlanStatus.DONE,
  canceled: wire.PlanStatus.CANCELED,
  failed: wire.PlanStatus.FAILED,
});
const leg = enumMapping<PlanLeg, wire.PlanLeg>({
  entry: wire.PlanLeg.ENTRY,
  stop: wire.PlanLeg.STOP,
  target: wire.PlanLeg.TARGET,
  exit: wire.PlanLeg.EXIT,
  slice: wire.PlanLeg.SLICE,
});
const state = enumMapping<PlanOrder['state'], wire.PlanChildState>({
  asked: wire.PlanChildState.ASKED,
  placed: wire.PlanChildState.PLACED,
  working: wire.PlanChildState.WORKING,
  ended: wire.PlanChildState.ENDED,
});

export const orderPlanQuestion = defineQuestion(
  { schema: wire.OrderPlanAskRequestSchema, toWire: writeRequest, fromWire: readRequest },
  {
    schema: wire.OrderPlanAskReplySchema,
    toWire: (reply: OrderPlanAnswer) => ({
      answer: reply.ok
        ? { case: 'plans' as const, value: { plans: reply.value.map(writePlan) } }
        : { case: 'refused' as const, value: writeRefusals(reply.refusals) },
    }),
    fromWire: ({ answer }, at): OrderPlanAnswer =>
      readAnswer(answer, at, { plans: ({ plans }, here) => readAll(plans, `${here}.plans`, readPlan) }),
  },
);

function writeRequest(request: OrderPlanRequest): MessageInitShape<typeof wire.OrderPlanAskRequestSchema> {
  const common = { verb: verb.write(request.kind), userId: request.userId };
  if (request.kind === 'list') {
    const { before, limit, open } = request;
    return { ...common, before: before ?? undefined, limit, open: open ?? undefined };
  }
  if (request.kind !== 'create') return { ...common, planId: request.planId };
  const { planId, accountId, instrumentId, terms } = request;
  return { ...common, planId, accountId, instrumentId, terms: writePlanTerms(terms) };
}

function readRequest(message: wire.OrderPlanAskRequest, at: string): OrderPlanRequest {
  const kind = verb.read(message.verb, `${at}.verb`);
  const userId = readUserId(message.userId, `${at}.user_id`);
  if (kind === 'list') {
    const { before = null, limit, open = null } = message;
    return { kind, userId, before, limit, open };
  }
  const planId = readPlanId(present(message.planId, `${at}.plan_id`), `${at}.plan_id`);
  if (kind !== 'create') return { kind, userId, planId };
  return {
    kind,
    userId,
    planId,
    accountId: readAccountId(present(message.accountId, `${at}.account_id`), `${at}.account_id`),
    instrumentId: readInstrumentId(present(message.instrumentId, `${at}.instrument_id`), `${at}.instrument_id`),
    terms: readPlanTerms(message.terms, `${at}.terms`),
  };
}

const writePlan = (plan: OrderPlan): MessageInitShape<typeof wire.OrderPlanSchema> => ({
  id: plan.id,
  sequence: plan.sequence,
  userId: plan.userId,
  accountId: plan.accountId,
  mode: mode.write(plan.mode),
  instrumentId: plan.instrumentId,
  terms: writePlanTerms(plan.terms),
  status: status.write(plan.status),
  reason: plan.reason === null ? undefined : writeReason(plan.reason),
  orders: plan.orders.map((order) => ({
    clientOrderId: order.clientOrderId,
    leg: leg.write(order.leg),
    quantity: Quantity.format(order.quantity),
    filledQuantity: Quantity.format(order.filledQuantity),
    state: state.write(order.state),
    code: order.code ?? undefined,
  })),
  createdAtUs: writeTimestamp(plan.createdAt),
  updatedAtUs: writeTimestamp(plan.updatedAt),
});

const readPlan = (plan: wire.OrderPlan, at: string): OrderPlan => ({
  id: readPlanId(plan.id, `${at}.id`),
  sequence: plan.sequence,
  userId: readUserId(plan.userId, `${at}.user_id`),
  accountId: readAccountId(plan.accountId, `${at}.account_id`),
  mode: mode.read(plan.mode, `${at}.mode`),
  instrumentId: readInstrumentId(plan.instrumentId, `${at}.instrument_id`),
  terms: readPlanTerms(plan.terms, `${at}.terms`),
  status: status.read(plan.status, `${at}.status`),
  reason: readOptional(plan.reason, `${at}.reason`, readReason),
  orders: readAll(plan.orders, `${at}.orders`, readPlanOrder),
  createdAt: readTimestamp(plan.createdAtUs, `${at}.created_at_us`),
  updatedAt: readTimestamp(plan.updatedAtUs, `${at}.updated_at_us`),
});

const readPlanOrder = (order: wire.PlanOrder, at: string): PlanOrder => ({
  clientOrderId: readClientOrderId(order.clientOrderId, `${at}.client_order_id`),
  leg: leg.read(order.leg, `${at}.leg`),
  quantity: readQuantity(order.quantity, `${at}.quantity`),
  filledQuantity: readQuantity(order.filledQuantity, `${at}.filled_quantity`),
  state: state.read(order.state, `${at}.state`),
  code: readOptional(order.code, `${at}.code`, readText),
});

const readPlanId = (text: string, at: string): PlanId =>
  PlanId.is(text) ? PlanId.of(text) : unreadable(at, 'not a plan id', text);
