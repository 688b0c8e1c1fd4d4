import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type HaltSweepAnswer,
  type HaltSweepRequest,
  haltSweepQuestion,
  type Refusal,
  type UserStanding,
  type UserStandingRequest,
  userStandingQuestion,
} from '@scalpstorm/contracts';
import { BotId, RiskScope, type UserId } from '@scalpstorm/model';
import { chatRoleOf, mayActAs, type Role } from '../../domain/principal.js';
import { ReadModel } from '../../ports/read-model.js';
import { UserDirectory } from '../../ports/user-directory.js';
import { Emergency } from '../../use-cases/emergency.js';

/** What the service that takes commands in chats asks on behalf of a user: who they are now, and the reach of a halt. */
@Controller()
export class ChatQuestionsHandler {
  constructor(
    private readonly users: UserDirectory,
    private readonly readModel: ReadModel,
    private readonly emergency: Emergency,
  ) {}

  @Answers(userStandingQuestion)
  async standing({ userId }: UserStandingRequest): Promise<UserStanding> {
    const role = await this.#roleOf(userId);
    if (role === null) return { role, accounts: [] };
    const accounts = await this.readModel.holdings(userId);
    return { role: chatRoleOf(role), accounts: accounts.map(({ id, venue, mode }) => ({ id, venue, mode })) };
  }

  @Answers(haltSweepQuestion)
  async sweep({ userId, commandId, level }: HaltSweepRequest): Promise<HaltSweepAnswer> {
    const role = await this.#roleOf(userId);
    if (role === null || !mayActAs(role, 'trader')) return { ok: false, refusals: [mayNot] };
    const swept = await this.emergency.sweep({ user: { userId, role }, commandId }, level, RiskScope.user(userId));
    const { bots, orders, positions, complete, items } = swept.remaining;
    const obeyed = swept.bots.filter(({ code }) => code === null);
    const named = items.map(({ bot, ...item }) => ({ ...item, botId: bot === null ? null : BotId.of(bot) }));
    const left = { bots, orders, positions, complete, items: named };
    return { ok: true, value: { bots: obeyed.length, ordersCanceled: swept.ordersCanceled, left } };
  }

  /** Null: disabled or gone. */
  async #roleOf(userId: UserId): Promise<Role | null> {
    const user = await this.users.findById(userId);
    return user === null || user.disabled ? null : user.role;
  }
}

const mayNot: Refusal = {
  code: 'FORBIDDEN',
  field: '',
  text: 'This user may not command bots.',
  allowed: 'role trader or admin, not disabled',
  next: 'Ask an administrator.',
};
