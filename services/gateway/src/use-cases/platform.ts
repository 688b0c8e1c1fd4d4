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
import type { Account, UserId } from '@scalpstorm/model';
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

  async instruments(): Promise<readonly InstrumentView[]> {
    const { instruments, lastPrices } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    const prices = new Map(lastPrices.map(({ instrumentId, price }) => [instrumentId, price]));
    return instruments.map((instrument) => instrumentView(instrument, prices.get(instrument.id) ?? null));
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

  async #ownAccounts(userId: UserId): Promise<readonly Account[]> {
    const { accounts } = accepted(await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' }));
    const owners = await Promise.all(accounts.map(({ id }) => this.readModel.accountOwner(id)));
    return accounts.filter((_, index) => owners[index] === userId);
  }
}
