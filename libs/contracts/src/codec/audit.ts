import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type AuditAnchored,
  type AuditAnswer,
  type AuditChain,
  type AuditCheck,
  type AuditFault,
  type AuditMark,
  type AuditRequest,
  auditFaultKinds,
} from '../audit.js';
import { defineContract, defineQuestion, type Mapping } from '../define.js';
import * as wire from '../generated/scalpstorm/audit/v1/audit_pb.js';
import { readAnswer } from './answers.js';
import {
  present,
  readAll,
  readChoice,
  readCount,
  readMeta,
  readOptional,
  readText,
  unreadable,
  writeMeta,
  writeRefusals,
} from './values.js';

const hashBytes = 32;

/** `route` leaves `{speaker}` in place: nobody anchors the chain of another. */
export const auditAnchored = defineContract(
  {
    schema: wire.AuditAnchoredSchema,
    toWire: ({ meta, service, chain, mark }: AuditAnchored) => ({
      meta: writeMeta(meta),
      service,
      chain,
      mark: writeMark(mark),
    }),
    fromWire: (message, name): AuditAnchored => ({
      meta: readMeta(message.meta, name),
      service: readText(message.service, `${name}.service`),
      chain: readText(message.chain, `${name}.chain`),
      mark: readMark(present(message.mark, `${name}.mark`), `${name}.mark`),
    }),
  },
  { chain: ({ chain }) => chain },
);

const reply: Mapping<typeof wire.AuditReplySchema, AuditAnswer> = {
  schema: wire.AuditReplySchema,
  toWire: (answer: AuditAnswer) => ({ answer: writeAnswer(answer) }),
  fromWire: ({ answer }, at): AuditAnswer =>
    readAnswer(answer, at, {
      chains: ({ chains }, each) => ({ kind: 'chains' as const, chains: readAll(chains, `${each}.chains`, readChain) }),
      check: (check, each) => ({ kind: 'checked' as const, check: readCheck(check, each) }),
    }),
};

export const executionAuditQuestion = defineQuestion(
  {
    schema: wire.ExecutionAuditRequestSchema,
    toWire: (request: AuditRequest) => ({ ask: writeAsk(request) }),
    fromWire: ({ ask }, at): AuditRequest => readAsk(present(ask, `${at}.ask`), `${at}.ask`),
  },
  reply,
);

export const riskAuditQuestion = defineQuestion(
  {
    schema: wire.RiskAuditRequestSchema,
    toWire: (request: AuditRequest) => ({ ask: writeAsk(request) }),
    fromWire: ({ ask }, at): AuditRequest => readAsk(present(ask, `${at}.ask`), `${at}.ask`),
  },
  reply,
);

function writeAsk(request: AuditRequest): MessageInitShape<typeof wire.AuditAskSchema> {
  if (request.kind === 'chains') return {};
  const { chain, after, anchors } = request;
  return { chain, after: after === null ? undefined : writeMark(after), anchors: anchors.map(writeMark) };
}

function readAsk({ chain, after, anchors }: wire.AuditAsk, at: string): AuditRequest {
  if (chain === '') return { kind: 'chains' };
  return {
    kind: 'verify',
    chain,
    after: readOptional(after, `${at}.after`, readMark),
    anchors: readAll(anchors, `${at}.anchors`, readMark),
  };
}

function writeAnswer(answer: AuditAnswer) {
  if (!answer.ok) return { case: 'refused' as const, value: writeRefusals(answer.refusals) };
  const { value } = answer;
  return value.kind === 'chains'
    ? { case: 'chains' as const, value: { chains: value.chains.map(writeChain) } }
    : { case: 'check' as const, value: writeCheck(value.check) };
}

const writeMark = ({ sequence, hash }: AuditMark): MessageInitShape<typeof wire.AuditMarkSchema> => ({
  sequence: BigInt(sequence),
  hash: Uint8Array.from(Buffer.from(hash, 'hex')),
});

const readMark = ({ sequence, hash }: wire.AuditMark, at: string): AuditMark => ({
  sequence: readCount(sequence, `${at}.sequence`),
  hash:
    hash.length === hashBytes ? Buffer.from(hash).toString('hex') : unreadable(`${at}.hash`, `not ${hashBytes} bytes`),
});

const writeChain = ({ chain, checkpoint, head, unchained }: AuditChain) => ({
  chain,
  checkpoint: checkpoint === null ? undefined : writeMark(checkpoint),
  head: head === null ? undefined : writeMark(head),
  unchained: BigInt(unchained),
});

const readChain = (chain: wire.AuditChains_Chain, at: string): AuditChain => ({
  chain: readText(chain.chain, `${at}.chain`),
  checkpoint: readOptional(chain.checkpoint, `${at}.checkpoint`, readMark),
  head: readOptional(chain.head, `${at}.head`, readMark),
  unchained: readCount(chain.unchained, `${at}.unchained`),
});

const writeCheck = ({ rows, from, last, complete, fault }: AuditCheck) => ({
  rows: BigInt(rows),
  from: writeMark(from),
  last: writeMark(last),
  complete,
  fault: fault === null ? undefined : { ...fault, sequence: BigInt(fault.sequence) },
});

const readCheck = (check: wire.AuditCheck, at: string): AuditCheck => ({
  rows: readCount(check.rows, `${at}.rows`),
  from: readMark(present(check.from, `${at}.from`), `${at}.from`),
  last: readMark(present(check.last, `${at}.last`), `${at}.last`),
  complete: check.complete,
  fault: readOptional(check.fault, `${at}.fault`, readFault),
});

const readFault = ({ kind, sequence, about, text, next }: wire.AuditCheck_Fault, at: string): AuditFault => ({
  kind: readChoice(auditFaultKinds, kind, `${at}.kind`),
  sequence: readCount(sequence, `${at}.sequence`),
  about,
  text,
  next,
});
