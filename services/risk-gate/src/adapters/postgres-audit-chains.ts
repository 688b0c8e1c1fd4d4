import type { ChainEnd } from '@scalpstorm/bus';
import type { AuditChain, AuditCheck } from '@scalpstorm/contracts';
import { verifyChain } from '@scalpstorm/store';
import { AuditChains, type AuditLook } from '../ports/audit-chains.js';
import { type VerdictChain, verdictChain } from './verdict-chain.js';

/** The one chain of the gate: its verdicts. */
export class PostgresAuditChains extends AuditChains {
  constructor(private readonly verdicts: VerdictChain) {
    super();
  }

  async list(): Promise<readonly AuditChain[]> {
    const { verdicts } = this;
    const [checkpoint, head, unchained] = [
      await verdicts.checkpoint(),
      await verdicts.head(),
      await verdicts.unchained(),
    ];
    return [{ chain: verdictChain, checkpoint, head, unchained }];
  }

  async verify({ chain, after, anchors }: AuditLook): Promise<AuditCheck | null> {
    return chain === verdictChain ? verifyChain(this.verdicts, { after, anchors }) : null;
  }

  async ends(): Promise<readonly ChainEnd[]> {
    const mark = await this.verdicts.head();
    return mark === null ? [] : [{ chain: verdictChain, mark }];
  }
}
