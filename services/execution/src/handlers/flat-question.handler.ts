import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type AccountFlatness, type Flatness, type FlatRequest, flatQuestion } from '@scalpstorm/contracts';
import { TradingHalts } from '../ports/trading-halts.js';
import { ProveFlat } from './prove-flat.js';

/** Venues being asked at once. */
const lanes = 16;

/** Proof of flat: what the venues say is open, of the accounts that are named. */
@Controller()
export class FlatQuestionHandler {
  constructor(
    private readonly proveFlat: ProveFlat,
    private readonly halts: TradingHalts,
  ) {}

  @Answers(flatQuestion)
  async answer({ accountIds, botId, scopes }: FlatRequest): Promise<Flatness> {
    const accounts: AccountFlatness[] = [];
    const waiting = accountIds.entries();
    const lane = async () => {
      for (const [index, accountId] of waiting) accounts[index] = await this.proveFlat.prove(accountId, botId);
    };
    await Promise.all(Array.from({ length: Math.min(lanes, accountIds.length) }, lane));
    return { accounts, halted: this.halts.isHalted(scopes) };
  }
}
