import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import type { AccountId } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { unrepaired } from '../domain/differences.js';
import type { Refused } from '../domain/fold.js';
import { refusalCode, refusedDifference, refusedFills } from '../domain/refused-fill.js';
import { Ledger } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { AccountStates } from './account-states.js';

/** So many are tried again and told one by one; of more than these only their number is told. */
const reviewedMax = 100;

/** Fills that the books refuse: each is kept in a row of its own, so that it holds up no other, and none is forgotten. */
@Injectable()
export class RefusedFills {
  private onKept: (accountId: AccountId) => void = () => {};

  constructor(
    private readonly ledger: Ledger,
    private readonly reconciliations: Reconciliations,
    private readonly states: AccountStates,
    private readonly log: Log,
  ) {}

  /** Who compares the account when a fill was kept. */
  follow(onKept: (accountId: AccountId) => void): void {
    this.onKept = onKept;
  }

  /** Keeps the fills among what was refused, and stops the account from opening. True when there was one. */
  async keep(accountId: AccountId, refused: readonly Refused[]): Promise<boolean> {
    const fills = refusedFills(refused);
    for (const found of fills) {
      const { subject, ours, theirs, decision } = refusedDifference(accountId, found);
      this.log.error({ accountId, subject, ours, theirs }, decision);
      const hold = { kind: 'close-only', code: refusalCode(found.fault), text: subject } as const;
      this.states.hold(accountId, hold);
      const isNew = await this.reconciliations.keepRefused(accountId, found);
      // Once more, for a comparison that looked before the row was there.
      this.states.hold(accountId, hold);
      if (isNew) this.onKept(accountId);
    }
    return fills.length > 0;
  }

  /** Tries the open ones again; what stays unbooked is a difference. */
  async review(accountId: AccountId): Promise<readonly Difference[]> {
    const { rows, count } = await this.reconciliations.openRefused(accountId, reviewedMax);
    const differences: Difference[] = [];
    for (const row of rows) {
      const { fill } = row;
      const { clientOrderId, occurredAt } = fill;
      const recorded = await this.ledger.record({
        clientOrderId,
        events: [{ kind: 'filled', fill }],
        occurredAt,
        causedBy: null,
      });
      const [still] = refusedFills(recorded?.refused ?? []);
      if (recorded !== null && still === undefined) {
        await this.reconciliations.closeRefused(accountId, row.id, 'booked after all');
        this.log.warn(
          { accountId, clientOrderId, tradeId: fill.tradeId },
          'a fill that was refused is booked after all',
        );
      } else {
        differences.push(refusedDifference(accountId, still ?? row));
      }
    }
    return count > rows.length ? [...differences, tooMany(accountId, count)] : differences;
  }
}

const tooMany = (accountId: AccountId, count: number): Difference =>
  unrepaired('fill', accountId, {
    subject: 'refused fills',
    ours: `${count} not booked`,
    theirs: 'told',
    decision: `FILL_NOT_BOOKED: ${reviewedMax} of them are shown here; all are in refused_fills.`,
  });
