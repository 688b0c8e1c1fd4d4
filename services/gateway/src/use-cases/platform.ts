import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type AccountAnswer,
  accountQuestion,
  instrumentsQuestion,
  type StrategyDescription,
  strategiesQuestion,
} from '@scalpstorm/contracts';
import type { Account, UserId } from '@scalpstorm/model';
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

/** A reconciliation asks the venue, so it may take longer than other questions. */
const reconcileTimeoutMs = 15_000;

/** What other services know and the read model does not keep: accounts, strategies, instruments. */
@Injectable()
export class Platform {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
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

  /** Compares the books of the user's accounts with their venues, now. */
  async reconcile(userId: UserId): Promise<{ reconciled: boolean; differences: readonly DifferenceView[] }> {
    const books: Books[] = [];
    for (const { id } of await this.#ownAccounts(userId)) {
      books.push(
        accepted(await this.bus.ask(accountQuestion, { kind: 'reconcile', accountId: id }, reconcileTimeoutMs)),
      );
    }
    return {
      reconciled: books.every((book) => book.reconciled),
      differences: books.flatMap((book) => book.differences.map(differenceView)),
    };
  }

  async #ownAccounts(userId: UserId): Promise<readonly Account[]> {
    const { accounts } = accepted(await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' }));
    const owners = await Promise.all(accounts.map(({ id }) => this.readModel.accountOwner(id)));
    return accounts.filter((_, index) => owners[index] === userId);
  }
}
