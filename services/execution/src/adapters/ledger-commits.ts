import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { orderChanged } from '@scalpstorm/contracts';
import { assert, BrokenInvariant } from '@scalpstorm/kernel';
import { type AccountId, ClientOrderId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import { Gathered, isConnectionFailure, isPostgresError, type Outbox, type Store } from '@scalpstorm/store';
import { fillFromRow } from '../domain/fill-row.js';
import { orderMessageId } from '../domain/order-message.js';
import type { StagedBatch } from '../domain/staged-batch.js';
import type { CommitAnswer } from './ledger-lane.js';
import { type BatchAnswer, type BatchRows, writeBatches } from './ledger-statements.js';
import type { OrderChain } from './order-chain.js';

export interface LedgerCommitsParts {
  readonly store: Pick<Store, 'statement'>;
  readonly outbox: Outbox;
  readonly clock: WallClock;
}

/** Who may write for an account, and where its chain ends. */
export interface Writer {
  readonly token: bigint;
  readonly chain: OrderChain;
}

/** Or why this one alone was not written. */
type Written = BatchAnswer | { readonly failure: unknown };

/** Accounts in one statement. */
const accountsMax = 64;

/**
 * The commits of all accounts. Each account's lane has one under way at a time; those that wait at the same time, each of another
 * account, share a statement and its wait for the disk. What the database refuses is written by itself once more: the fault may
 * be another account's.
 */
export class LedgerCommits {
  private readonly writes: Gathered<BatchRows, Written>;

  constructor(private readonly parts: LedgerCommitsParts) {
    this.writes = new Gathered((given) => this.write(given), { batchMax: accountsMax });
  }

  async commit(batch: StagedBatch, { token, chain }: Writer): Promise<CommitAnswer> {
    const { clock, outbox } = this.parts;
    const recordedAt = clock.now();
    const end = chain.head;
    const links = chain.link(batch.events, recordedAt);
    const messages = batch.events.map(({ event, order, causedBy, occurredAt, headers }) => {
      const meta = newMeta(clock, causedBy, occurredAt);
      return outboxMessage(orderChanged, { meta, order, event }, orderMessageId(order), headers);
    });
    const written = await this.writes.ask({ batch, token, end, links, messages, recordedAt });
    if ('failure' in written) throw brokenWhenContradicted(written.failure);
    if (!written.fenced) throw new BrokenInvariant(`another writer took account ${batch.accountId}`);
    // Rows are gone, or others are there: of positions and orders memory knows no better either.
    if (!written.follows)
      throw new BrokenInvariant(`the chain of account ${batch.accountId} does not end where its writer left it`);
    if (written.stale.length > 0 || written.booked.length > 0) {
      const older = written.stale.find((id) => batch.versionBefore(ClientOrderId.of(id)) > 0);
      assert(older === undefined, `order ${older} has another version in the database than in memory`);
      const fills = written.booked.map(fillFromRow);
      return { kind: 'known-already', orders: written.stale.map((id) => ClientOrderId.of(id)), fills };
    }
    chain.committed(links);
    outbox.wake();
    return { kind: 'committed' };
  }

  private async write(given: readonly BatchRows[]): Promise<readonly Written[]> {
    try {
      return await this.together(given);
    } catch (error) {
      if (!isPostgresError(error) || isConnectionFailure(error)) throw error;
      if (given.length === 1) return [{ failure: error }];
    }
    const written: Written[] = [];
    for (const one of given) written.push(...(await this.together([one]).catch((failure: unknown) => [{ failure }])));
    return written;
  }

  private async together(given: readonly BatchRows[]): Promise<readonly BatchAnswer[]> {
    const accounts = given.map(({ batch }) => batch.accountId);
    assert(new Set(accounts).size === accounts.length, 'an account has two commits under way');
    const answers = await this.parts.store.statement((sql) => writeBatches(sql, given));
    return accounts.map((id) => answerOf(answers, id));
  }
}

function answerOf(answers: readonly BatchAnswer[], accountId: AccountId): BatchAnswer {
  const answer = answers.find(({ account_id: id }) => id === accountId);
  assert(answer !== undefined, 'a statement without an answer');
  return answer;
}

/** SQLSTATE class 23: a key of the database says that the books in memory are wrong. */
function brokenWhenContradicted(cause: unknown): unknown {
  if (!isPostgresError(cause) || !cause.code.startsWith('23')) return cause;
  return new BrokenInvariant('the database contradicts the books in memory', { cause });
}
