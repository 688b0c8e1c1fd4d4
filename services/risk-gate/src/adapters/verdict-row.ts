import { Timestamp } from '@scalpstorm/kernel';
import type { ClientOrderId, OrderRequest } from '@scalpstorm/model';
import type { Verdict } from '../ports/verdicts.js';

/** One row of the table `verdicts`. */
export interface VerdictRow {
  readonly client_order_id: ClientOrderId;
  readonly account_id: string;
  readonly user_id: string;
  readonly bot_id: string | null;
  readonly approved: boolean;
  readonly code: string | null;
  readonly text: string | null;
  readonly limit_text: string | null;
  readonly value_text: string | null;
  readonly next_text: string | null;
  readonly field: string | null;
  readonly decided_at_us: number | string | bigint;
  readonly expires_at_us: number | string | bigint | null;
}

export function rowOf(order: OrderRequest, verdict: Verdict, decidedAt: Timestamp): VerdictRow {
  const denial = verdict.kind === 'denied' ? verdict.denial : null;
  return {
    client_order_id: order.clientOrderId,
    account_id: order.accountId,
    user_id: order.userId,
    bot_id: order.botId,
    approved: verdict.kind === 'approved',
    code: denial?.code ?? null,
    text: denial?.text ?? null,
    limit_text: denial?.limit ?? null,
    value_text: denial?.value ?? null,
    next_text: denial?.next ?? null,
    field: denial?.field ?? null,
    decided_at_us: decidedAt,
    expires_at_us: verdict.kind === 'approved' ? verdict.expiresAt : null,
  };
}

export function verdictOf(row: VerdictRow): Verdict {
  if (row.approved) return { kind: 'approved', expiresAt: Timestamp.fromMicros(Number(row.expires_at_us ?? 0)) };
  const denial = {
    code: row.code ?? '',
    text: row.text ?? '',
    limit: row.limit_text ?? '',
    value: row.value_text ?? '',
    next: row.next_text ?? '',
    ...(row.field === null ? {} : { field: row.field }),
  };
  return { kind: 'denied', denial };
}
