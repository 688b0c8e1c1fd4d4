import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type VenueAccount,
  type VenueAccountAnswer,
  type VenueAccountRequest,
  venueAccountQuestion,
} from '@scalpstorm/contracts';
import { unreachable } from '@scalpstorm/kernel';
import { AccountRefused, VenueAccounts } from './venue-accounts.js';

/** Changes of one account must not overtake each other, and they are rare: all of them one after the other. */
@Controller()
export class VenueAccountQuestionHandler {
  private last: Promise<unknown> = Promise.resolve();

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

  private inTurn(request: Exclude<VenueAccountRequest, { kind: 'list' }>): Promise<readonly VenueAccount[]> {
    const mine = this.last.catch(() => undefined).then(() => this.carryOut(request));
    this.last = mine;
    return mine;
  }

  private async carryOut(request: Exclude<VenueAccountRequest, { kind: 'list' }>): Promise<readonly VenueAccount[]> {
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
