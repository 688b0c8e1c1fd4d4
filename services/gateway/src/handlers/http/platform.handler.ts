import { Controller } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type AccountAnswer,
  accountQuestion,
  instrumentsQuestion,
  type RiskCommand,
  riskQuestion,
  strategiesQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import type { Account, UserId } from '@scalpstorm/model';
import { accountView, differenceView, instrumentView } from '../../domain/views.js';
import { ReadModel } from '../../ports/read-model.js';
import { whole } from './paging.js';
import { accepted } from './refusals.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

type Books = Extract<AccountAnswer, { ok: true }>['value'];
type StateReply = ReplyOf<typeof routes.tradingState>;

/** A reconciliation asks the venue, so it may take longer than other questions. */
const reconcileTimeoutMs = 15_000;

/** What other services know and the read model does not keep: accounts, strategies, instruments, the state of trading. */
@Controller()
export class PlatformHandler {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
  ) {}

  @Serves(routes.listAccounts)
  async accounts(@Asked() call: Call<typeof routes.listAccounts>): Promise<ReplyOf<typeof routes.listAccounts>> {
    return whole((await this.#ownAccounts(call.user.userId)).map(accountView));
  }

  @Serves(routes.listStrategies)
  async strategies(): Promise<ReplyOf<typeof routes.listStrategies>> {
    return whole((await this.bus.ask(strategiesQuestion, {})).strategies);
  }

  @Serves(routes.listInstruments)
  async instruments(): Promise<ReplyOf<typeof routes.listInstruments>> {
    const { instruments, lastPrices } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    const prices = new Map(lastPrices.map(({ instrumentId, price }) => [instrumentId, price]));
    return whole(instruments.map((instrument) => instrumentView(instrument, prices.get(instrument.id) ?? null)));
  }

  @Serves(routes.reconcile)
  async reconcile(@Asked() call: Call<typeof routes.reconcile>): Promise<ReplyOf<typeof routes.reconcile>> {
    const accounts = await this.#ownAccounts(call.user.userId);
    const books: Books[] = [];
    for (const { id } of accounts) {
      books.push(
        accepted(await this.bus.ask(accountQuestion, { kind: 'reconcile', accountId: id }, reconcileTimeoutMs)),
      );
    }
    return {
      reconciled: books.every((book) => book.reconciled),
      differences: books.flatMap((book) => book.differences.map(differenceView)),
    };
  }

  @Serves(routes.tradingState)
  async tradingState(@Asked() call: Call<typeof routes.tradingState>): Promise<StateReply> {
    return this.#askRisk({ kind: 'state', commandId: call.commandId, userId: call.user.userId, text: '' });
  }

  @Serves(routes.halt)
  async halt(@Asked() call: Call<typeof routes.halt>): Promise<StateReply> {
    return this.#askRisk({ kind: 'halt', commandId: call.commandId, userId: call.user.userId, text: call.body.text });
  }

  @Serves(routes.release)
  async release(@Asked() call: Call<typeof routes.release>): Promise<StateReply> {
    return this.#askRisk({
      kind: 'release',
      commandId: call.commandId,
      userId: call.user.userId,
      text: call.body.text,
    });
  }

  async #askRisk(command: RiskCommand): Promise<StateReply> {
    const { state, text, since } = accepted(await this.bus.ask(riskQuestion, command));
    return { state, text, since: Timestamp.toIso(since) };
  }

  async #ownAccounts(userId: UserId): Promise<readonly Account[]> {
    const { accounts } = accepted(await this.bus.ask(accountQuestion, { kind: 'list', accountId: '' }));
    const owners = await Promise.all(accounts.map(({ id }) => this.readModel.accountOwner(id)));
    return accounts.filter((_, index) => owners[index] === userId);
  }
}
