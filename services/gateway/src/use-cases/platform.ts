import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type AccountAnswer,
  accountQuestion,
  instrumentsQuestion,
  type StrategyDescription,
  strategiesQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  type AccountId,
  type FeeRates,
  type InstrumentId,
  type UserId,
  withFeeRates,
} from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { ProblemRaised, problems } from '../domain/problem.js';
import {
  type AccountView,
  accountView,
  type DifferenceView,
  differenceView,
  type InstrumentView,
  instrumentView,
} from '../domain/views.js';
import { ReadModel } from '../ports/read-model.js';
import { accepted } from './refusals.js';

type Books = Extract<AccountAnswer, { ok: true }>['value'];

export interface ReconciliationView {
  /** False also when an account was never compared. */
  readonly reconciled: boolean;
  /** Since when that is known of all of them; null: one was never compared, or there is none. */
  readonly at: string | null;
  readonly differences: readonly DifferenceView[];
}

interface InstrumentsWish {
  /** All when it is not named. */
  readonly instrument?: InstrumentId | undefined;
  readonly account?: AccountId | undefined;
}

/** A reconciliation asks the venue, so it may take longer than other questions. */
const reconcileTimeoutMs = 15_000;

/** What other services know and the read model does not keep: accounts, strategies, instruments. */
@Injectable()
export class Platform {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly clock: WallClock,
  ) {}

  async accounts(userId: UserId): Promise<readonly AccountView[]> {
    return (await this.#ownAccounts(userId)).map(accountView);
  }

  async strategies(): Promise<readonly StrategyDescription[]> {
    return (await this.bus.ask(strategiesQuestion, {})).strategies;
  }

  async strategy(id: string): Promise<StrategyDescription> {
    const found = (await this.strategies()).find((strategy) => strategy.id === id);
    if (found === undefined) throw new ProblemRaised(problems.notFound('strategy'));
    return found;
  }

  /**
   * One instrument, or all; with an account at the fees that it pays, else at the venue's usual ones.
   * @throws ProblemRaised when the account is not the user's, and when its fees are not known
   */
  async instruments(userId: UserId, { instrument, account }: InstrumentsWish): Promise<readonly InstrumentView[]> {
    const { instruments, lastPrices } = await this.bus.ask(instrumentsQuestion, { instrumentId: instrument ?? null });
    // The venue is asked for the fees, at its price in requests: never for a market that it does not list.
    const isListed = instruments.length > 0;
    const fees = instrument && account && isListed ? await this.#feesOf(userId, account, instrument) : [];
    const prices = new Map(lastPrices.map(({ instrumentId, price }) => [instrumentId, price]));
    return instruments.map((listed) => {
      const own = fees.find(({ instrumentId }) => instrumentId === listed.id);
      return instrumentView(own ? withFeeRates(listed, own) : listed, prices.get(listed.id) ?? null);
    });
  }

  /** How the user's accounts and their venues agreed when they were compared the last time; asks no venue and mends nothing. */
  async reconciliation(userId: UserId): Promise<ReconciliationView> {
    const comparisons = await this.readModel.comparisons(userId);
    const times = comparisons.flatMap(({ at }) => (at === null ? [] : [at]));
    return {
      reconciled: comparisons.every(({ reconciled }) => reconciled),
      at:
        times.length < comparisons.length || times.length === 0
          ? null
          : Timestamp.toIso(Timestamp.fromMicros(Math.min(...times))),
      differences: comparisons.flatMap(({ differences }) => differences),
    };
  }

  /** Compares the books of the user's accounts with their venues, now, and mends what can be mended. */
  async reconcile(userId: UserId): Promise<ReconciliationView> {
    const books: Books[] = [];
    for (const { id } of await this.#ownAccounts(userId)) {
      books.push(
        accepted(await this.bus.ask(accountQuestion, { kind: 'reconcile', accountId: id }, reconcileTimeoutMs)),
      );
    }
    return {
      reconciled: books.every((book) => book.reconciled),
      at: Timestamp.toIso(this.clock.now()),
      differences: books.flatMap((book) => book.differences.map(differenceView)),
    };
  }

  async #feesOf(userId: UserId, account: AccountId, instrument: InstrumentId): Promise<readonly FeeRates[]> {
    if ((await this.readModel.accountOwner(account)) !== userId) throw new ProblemRaised(problems.notFound('account'));
    const question = { kind: 'fees', accountId: account, instrumentId: instrument } as const;
    const { fees = [] } = accepted(await this.bus.ask(accountQuestion, question));
    if (fees.length === 0) throw new ProblemRaised(problems.notFound('fee'));
    return fees;
  }

  async #ownAccounts(userId: UserId): Promise<readonly Account[]> {
    const { accounts } = accepted(await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' }));
    const owners = await Promise.all(accounts.map(({ id }) => this.readModel.accountOwner(id)));
    return accounts.filter((_, index) => owners[index] === userId);
  }
}
