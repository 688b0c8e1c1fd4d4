import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type RiskLimit, riskQuestion } from '@scalpstorm/contracts';
import type { Caller } from './caller.js';
import { Emergency, type TradingStateReply } from './emergency.js';
import { accepted } from './refusals.js';

/** What the gate measures orders against, and whether it lets any through. */
@Injectable()
export class Risk {
  constructor(
    private readonly bus: Bus,
    private readonly emergency: Emergency,
  ) {}

  async limits({ user, commandId }: Caller): Promise<readonly RiskLimit[]> {
    const command = { kind: 'limits' as const, commandId, userId: user.userId, text: '' };
    return accepted(await this.bus.ask(riskQuestion, command)).limits ?? [];
  }

  /** `binding` is what holds for the caller: the stricter of their own and the platform's. */
  async state(caller: Caller): Promise<{ binding: TradingStateReply; platform: TradingStateReply }> {
    const [binding, platform] = await Promise.all([this.emergency.state(caller), this.emergency.platformState(caller)]);
    return { binding, platform };
  }
}
