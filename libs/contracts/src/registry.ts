import { type DescMessage, getOption, hasOption } from '@bufbuild/protobuf';
import { assert } from '@scalpstorm/kernel';
import { type Speaker, type StreamName, speakers, streamNames } from './contract.js';
import { file_scalpstorm_audit_v1_audit } from './generated/scalpstorm/audit/v1/audit_pb.js';
import { file_scalpstorm_bot_v1_bot } from './generated/scalpstorm/bot/v1/bot_pb.js';
import { file_scalpstorm_execution_v1_execution } from './generated/scalpstorm/execution/v1/execution_pb.js';
import { file_scalpstorm_execution_v1_flat } from './generated/scalpstorm/execution/v1/flat_pb.js';
import { file_scalpstorm_execution_v1_plans } from './generated/scalpstorm/execution/v1/plans_pb.js';
import { file_scalpstorm_execution_v1_reconciliation } from './generated/scalpstorm/execution/v1/reconciliation_pb.js';
import { file_scalpstorm_gateway_v1_gateway } from './generated/scalpstorm/gateway/v1/gateway_pb.js';
import { file_scalpstorm_inference_v1_inference } from './generated/scalpstorm/inference/v1/inference_pb.js';
import { file_scalpstorm_market_v1_market } from './generated/scalpstorm/market/v1/market_pb.js';
import { file_scalpstorm_notifications_v1_notifications } from './generated/scalpstorm/notifications/v1/notifications_pb.js';
import { file_scalpstorm_ops_v1_ops } from './generated/scalpstorm/ops/v1/ops_pb.js';
import {
  asked_by as askedByOption,
  owner as ownerOption,
  stream as streamOption,
  subject as subjectOption,
} from './generated/scalpstorm/options/v1/options_pb.js';
import { file_scalpstorm_order_v1_events } from './generated/scalpstorm/order/v1/events_pb.js';
import { file_scalpstorm_research_v1_research } from './generated/scalpstorm/research/v1/research_pb.js';
import { file_scalpstorm_risk_v1_risk } from './generated/scalpstorm/risk/v1/risk_pb.js';

/** What the proto options say about one message that travels. */
export interface RegisteredMessage {
  readonly schema: DescMessage;
  readonly name: string;
  /** Without the namespace, placeholders in braces. */
  readonly subject: string;
  readonly stream: StreamName | null;
  /** An event: who may say it. A question: the one who answers. */
  readonly owners: readonly Speaker[];
  /** Who may ask; null for an event. */
  readonly askedBy: readonly Speaker[] | null;
}

const subjectPattern = /^[a-z]+(\.([a-z0-9-]+|\{[a-z]+\}))*\.v[1-9]\d*(\.\{[a-z]+\})*$/;

/** Reads the options of a message; a wrong one is a bug in the proto files and stops the process at import. */
export function registeredMessage(schema: DescMessage): RegisteredMessage {
  const subject = getOption(schema, subjectOption);
  assert(subjectPattern.test(subject), `${schema.typeName}: not a subject: ${subject}`);
  const owners = getOption(schema, ownerOption).map((name) => speaker(schema, name));
  assert(owners.length > 0, `${schema.typeName}: no owner`);
  const askedBy = getOption(schema, askedByOption).map((name) => speaker(schema, name));
  const question = askedBy.length > 0;
  assert(!question || owners.length === 1, `${schema.typeName}: a question is answered by exactly one service`);
  const stream = hasOption(schema, streamOption) ? streamName(schema, getOption(schema, streamOption)) : null;
  assert(!question || stream === null, `${schema.typeName}: a question has no stream`);
  return { schema, name: schema.name, subject, stream, owners, askedBy: question ? askedBy : null };
}

/** Every message that has a subject, in the order of the files. */
export const registeredMessages: readonly RegisteredMessage[] = [
  file_scalpstorm_market_v1_market,
  file_scalpstorm_inference_v1_inference,
  file_scalpstorm_order_v1_events,
  file_scalpstorm_execution_v1_execution,
  file_scalpstorm_execution_v1_reconciliation,
  file_scalpstorm_execution_v1_plans,
  file_scalpstorm_execution_v1_flat,
  file_scalpstorm_risk_v1_risk,
  file_scalpstorm_bot_v1_bot,
  file_scalpstorm_ops_v1_ops,
  file_scalpstorm_audit_v1_audit,
  file_scalpstorm_notifications_v1_notifications,
  file_scalpstorm_research_v1_research,
  file_scalpstorm_gateway_v1_gateway,
].flatMap((file) => file.messages.filter((schema) => hasOption(schema, subjectOption)).map(registeredMessage));

function speaker(schema: DescMessage, name: string): Speaker {
  const found = speakers.find((known) => known === name);
  assert(found !== undefined, `${schema.typeName}: unknown service ${name}`);
  return found;
}

function streamName(schema: DescMessage, name: string): StreamName {
  const found = streamNames.find((known) => known === name);
  assert(found !== undefined, `${schema.typeName}: unknown stream ${name}`);
  return found;
}
