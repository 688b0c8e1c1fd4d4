import { Controller } from '@nestjs/common';
import { Answers, Bus } from '@scalpstorm/bus';
import {
  type AccountStanding,
  type Difference,
  type ExternalOrder,
  instrumentsQuestion,
  type ReconciliationAnswer,
  type ReconciliationRequest,
  type ReconciliationStanding,
  reconciliationQuestion,
} from '@scalpstorm/contracts';
import type { AccountId } from '@scalpstorm/model';
import { type ExecutionVenue, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { unrepaired } from '../domain/differences.js';
import { externalRefusals, type Refusal } from '../domain/external-refusals.js';
import { DifferenceLog } from '../ports/difference-log.js';
import { ExternalOrders } from '../ports/external-orders.js';
import { AccountDetached, Venues } from '../ports/venues.js';
import { type AccountState, AccountStates } from './account-states.js';
import { CompareOnly } from './compare-only.js';
import { DecideExternalOrder } from './decide-external-order.js';

/** Rows in one answer; a message has a greatest size. */
const rowsMax = 501;

const nothing: ReconciliationStanding = { states: [], differences: [], history: [], externalOrders: [] };

/** What was found when books and venues were compared, what would be found now, and what a person decides about it. */
@Controller()
export class ReconciliationQuestionHandler {
  constructor(
    private readonly venues: Venues,
    private readonly states: AccountStates,
    private readonly compareOnly: CompareOnly,
    private readonly log: DifferenceLog,
    private readonly externalOrders: ExternalOrders,
    private readonly decideExternalOrder: DecideExternalOrder,
    private readonly bus: Bus,
  ) {}

  @Answers(reconciliationQuestion)
  async answer(request: ReconciliationRequest): Promise<ReconciliationAnswer> {
    switch (request.kind) {
      case 'states':
        return given({ states: this.standings(request.accountIds) });
      case 'compare':
        return given({
          states: this.standings(request.accountIds),
          differences: (await Promise.all(request.accountIds.map((id) => this.compare(id)))).flat().slice(0, rowsMax),
        });
      case 'differences':
        return given({ history: await this.log.list(request.accountIds, bounded(request)) });
      case 'external-orders':
        return given({ externalOrders: await this.externalOrders.list(request.accountIds, bounded(request)) });
      case 'decide':
        return this.decide(request);
    }
  }

  private standings(accountIds: readonly AccountId[]): readonly AccountStanding[] {
    return accountIds.flatMap((accountId): readonly AccountStanding[] => {
      const venue = this.venues.venueOf(accountId);
      return venue === null ? [] : [standingOf(accountId, this.states.of(accountId), venue)];
    });
  }

  private async compare(accountId: AccountId): Promise<readonly Difference[]> {
    try {
      return await this.compareOnly.compare(accountId);
    } catch (error) {
      const code = weatherOf(error);
      if (code === null) throw error;
      const words = { subject: `account ${accountId}`, ours: 'not compared', theirs: 'no answer' };
      return [unrepaired('order', accountId, { ...words, decision: `${code}: ${String(error)}` })];
    }
  }

  private async decide(request: Extract<ReconciliationRequest, { kind: 'decide' }>): Promise<ReconciliationAnswer> {
    const { accountIds, externalOrderId: id, decision: kind, userId: by } = request;
    const order = await this.externalOrders.find(accountIds, id);
    if (order === null) return refused(externalRefusals.unknown());
    if (kind === 'adopt' && !(await this.isListed(order))) return refused(externalRefusals.unlisted(order));
    try {
      const refusal = await this.decideExternalOrder.decide(order, { kind, by });
      if (refusal !== null) return refused(refusal);
    } catch (error) {
      const code = weatherOf(error);
      if (code === null) throw error;
      const next = 'Look at the list again: it says whether the decision was kept. Then repeat it.';
      return refused({ code, field: '/decision', text: String(error), allowed: '', next });
    }
    const after = await this.externalOrders.find(accountIds, id);
    return given({ externalOrders: after === null ? [] : [after] });
  }

  /** What is in the books and nobody lists keeps its account from opening anything. @throws NoAnswer while market-data is away */
  private async isListed({ instrumentId }: ExternalOrder): Promise<boolean> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId });
    return instruments.some(({ id }) => id === instrumentId);
  }
}

function standingOf(accountId: AccountId, state: AccountState, { circuit }: ExecutionVenue): AccountStanding {
  switch (state.kind) {
    case 'trading':
      return { accountId, kind: state.kind, code: '', text: '', circuit };
    case 'recovering':
      return { accountId, kind: state.kind, code: '', text: state.reason, circuit };
    case 'close-only':
    case 'held':
      return { accountId, kind: state.kind, code: state.code, text: state.text, circuit };
  }
}

const bounded = ({ before, limit }: { readonly before: bigint | null; readonly limit: number }) => ({
  before,
  limit: Math.min(limit, rowsMax),
});

const given = (value: Partial<ReconciliationStanding>): ReconciliationAnswer => ({
  ok: true,
  value: { ...nothing, ...value },
});

const refused = (refusal: Refusal): ReconciliationAnswer => ({ ok: false, refusals: [refusal] });

/** Why the venue could not be asked at this moment; null when it was something else. */
function weatherOf(error: unknown): string | null {
  if (error instanceof VenueUnreachable || error instanceof VenueRefused) return error.code;
  return error instanceof AccountDetached ? 'ACCOUNT_NOT_CONNECTED' : null;
}
