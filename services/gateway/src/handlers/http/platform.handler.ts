import { Controller } from '@nestjs/common';
import { Emergency } from '../../use-cases/emergency.js';
import { HaltProofs } from '../../use-cases/halt-proofs.js';
import { Platform } from '../../use-cases/platform.js';
import { type LimitsView, Risk } from '../../use-cases/risk.js';
import { whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

export const limitList = ({ rows, version }: LimitsView) => ({ ...whole(rows), version });

type StateReply = Promise<ReplyOf<typeof routes.tradingState>>;

@Controller()
export class PlatformHandler {
  constructor(
    private readonly platform: Platform,
    private readonly emergency: Emergency,
    private readonly risk: Risk,
    private readonly haltProofs: HaltProofs,
  ) {}

  @Serves(routes.listAccounts)
  async accounts(@Asked() call: Call<typeof routes.listAccounts>): Promise<ReplyOf<typeof routes.listAccounts>> {
    return whole(await this.platform.accounts(call.user.userId));
  }

  @Serves(routes.listStrategies)
  async strategies(): Promise<ReplyOf<typeof routes.listStrategies>> {
    return whole(await this.platform.strategies());
  }

  @Serves(routes.getStrategy)
  strategy(@Asked() call: Call<typeof routes.getStrategy>): Promise<ReplyOf<typeof routes.getStrategy>> {
    return this.platform.strategy(call.params.id);
  }

  @Serves(routes.listInstruments)
  async instruments(
    @Asked() call: Call<typeof routes.listInstruments>,
  ): Promise<ReplyOf<typeof routes.listInstruments>> {
    return whole(await this.platform.instruments(call.user.userId, call.query));
  }

  @Serves(routes.tradingState)
  tradingState(@Asked() call: Call<typeof routes.tradingState>): StateReply {
    return this.emergency.state(call);
  }

  @Serves(routes.riskLimits)
  async limits(@Asked() call: Call<typeof routes.riskLimits>): Promise<ReplyOf<typeof routes.riskLimits>> {
    return limitList(await this.risk.limits(call, call.query.scope));
  }

  @Serves(routes.setRiskLimits)
  async setLimits(@Asked() call: Call<typeof routes.setRiskLimits>): Promise<ReplyOf<typeof routes.setRiskLimits>> {
    return limitList(await this.risk.setLimits(call, call.body));
  }

  @Serves(routes.riskState)
  riskState(@Asked() call: Call<typeof routes.riskState>): Promise<ReplyOf<typeof routes.riskState>> {
    return this.risk.state(call);
  }

  @Serves(routes.setRiskState)
  setRiskState(@Asked() call: Call<typeof routes.setRiskState>): Promise<ReplyOf<typeof routes.setRiskState>> {
    return this.risk.setState(call, call.body);
  }

  @Serves(routes.halt)
  halt(@Asked() call: Call<typeof routes.halt>): Promise<ReplyOf<typeof routes.halt>> {
    return this.emergency.halt(call, call.body);
  }

  @Serves(routes.haltProof)
  haltProof(@Asked() call: Call<typeof routes.haltProof>): Promise<ReplyOf<typeof routes.haltProof>> {
    return this.haltProofs.prove(call, call.query.scope);
  }

  @Serves(routes.release)
  release(@Asked() call: Call<typeof routes.release>): StateReply {
    return this.emergency.release(call, call.body);
  }
}
