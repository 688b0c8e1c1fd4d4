import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type VenueAccount,
  type VenueAccountAnswer,
  type VenueAccountRequest,
  venueAccountQuestion,
} from '@scalpstorm/contracts';
import { unreachable } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { AccountRefused, accountRefusals } from '../domain/account-refusals.js';
import { VenueAccounts } from './venue-accounts.js';

/** So many changes of one user's accounts may wait for their turn. */
const waitingMax = 16;

type Change = Exclude<VenueAccountRequest, { kind: 'list' }>;

interface Turns {
  readonly last: Promise<unknown>;
  readonly waiting: number;
}

/** Changes of one account must not overtake each other: those of one user go one after the other, and wait for nobody else's venue. */
@Controller()
export class VenueAccountQuestionHandler {
  private readonly turns = new Map<UserId, Turns>();

  constructor(private readonly accounts: VenueAccounts) {}

  @Answers(venueAccountQuestion)
  async answer(request: VenueAccountRequest): Promise<VenueAccountAnswer> {
    try {
      const { sealingKey, offers } = this.accounts;
      const concerned = request.kind === 'list' ? await this.accounts.list(request.userId) : await this.inTurn(request);
      return {
        ok: true,
        value: {
          sealingKey,
          offers: offers.map(({ venue, mode, title }) => ({ venue, mode, title })),
          accounts: concerned,
        },
      };
    } catch (error) {
      if (error instanceof AccountRefused) return { ok: false, refusals: [error.refusal] };
      throw error;
    }
  }

  private async inTurn(request: Change): Promise<readonly VenueAccount[]> {
    const { userId } = request;
    const { last, waiting } = this.turns.get(userId) ?? { last: Promise.resolve(), waiting: 0 };
    if (waiting >= waitingMax) throw new AccountRefused(accountRefusals.tooBusy(waitingMax));
    const mine = last.catch(() => undefined).then(() => this.carryOut(request));
    this.turns.set(userId, { last: mine, waiting: waiting + 1 });
    try {
      return await mine;
    } finally {
      this.endTurn(userId);
    }
  }

  private endTurn(userId: UserId): void {
    const { last, waiting } = this.turns.get(userId) ?? { last: Promise.resolve(), waiting: 1 };
    if (waiting > 1) this.turns.set(userId, { last, waiting: waiting - 1 });
    else this.turns.delete(userId);
  }

  private async carryOut(request: Change): Promise<readonly VenueAccount[]> {
    const { accounts } = this;
    const { userId, accountId } = request;
    switch (request.kind) {
      case 'add':
        return [await accounts.add(request)];
      case 'rotate':
        return [await accounts.rotate(userId, accountId, request.sealed)];
      case 'relabel':
        return [await accounts.relabel(userId, accountId, request.label)];
      case 'test':
        return [await accounts.test(userId, accountId)];
      case 'enable':
        return [await accounts.enable(userId, accountId)];
      case 'disable':
        return [await accounts.disable(userId, accountId)];
      case 'delete':
        await accounts.delete(userId, accountId);
        return [];
      default:
        return unreachable(request, 'venue account request');
    }
  }
}
