import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type AuditAnswer, type AuditRequest, riskAuditQuestion } from '@scalpstorm/contracts';
import { AuditChains } from '../ports/audit-chains.js';

/** Which chains there are, and whether one is as it was written: a bounded part of it in each answer. */
@Controller()
export class AuditQuestionHandler {
  constructor(private readonly chains: AuditChains) {}

  @Answers(riskAuditQuestion)
  async answer(request: AuditRequest): Promise<AuditAnswer> {
    if (request.kind === 'chains') return { ok: true, value: { kind: 'chains', chains: await this.chains.list() } };
    const check = await this.chains.verify(request);
    if (check !== null) return { ok: true, value: { kind: 'checked', check } };
    const text = `there is no chain "${request.chain}"`;
    const next = 'Ask which chains there are.';
    return { ok: false, refusals: [{ code: 'CHAIN_NOT_FOUND', field: '', text, allowed: '', next }] };
  }
}
