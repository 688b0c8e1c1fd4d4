import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { Instrument } from '@scalpstorm/model';
import { type ConfiguredStrategy, strategies as ofPlatform } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import type { LaneBotPlan, LanePlan } from './lane-options.js';

/** A bot with its strategy configured and its instrument found. */
export interface SeatedBot {
  readonly plan: LaneBotPlan;
  /** Of its instrument among those of the run. */
  readonly place: number;
  readonly configured: ConfiguredStrategy;
}

export function seatBots(
  { bots: plans, strategies = ofPlatform }: Pick<LanePlan, 'bots' | 'strategies'>,
  instruments: readonly Instrument[],
): Result<readonly SeatedBot[], BacktestFault> {
  const seats: SeatedBot[] = [];
  for (const plan of plans) {
    const strategy = strategies.get(plan.strategy);
    if (strategy === undefined) return fail(unknownStrategy(plan.strategy, [...strategies.keys()]));
    const place = instruments.findIndex(({ symbol }) => symbol === plan.symbol);
    const instrument = instruments[place];
    if (instrument === undefined) return fail(noData(plan));
    const configured = strategy.configure(plan.parameters, instrument);
    if (!configured.ok) {
      const [first] = configured.error;
      const text = configured.error.map(({ field, text: said }) => `${field}: ${said}`).join(' ');
      return fail({ code: 'INVALID_PARAMETERS', text: `${plan.strategy}: ${text}`, next: first?.next ?? 'Mend them.' });
    }
    seats.push({ plan, place, configured: configured.value });
  }
  return ok(seats);
}

const unknownStrategy = (id: string, known: readonly string[]): BacktestFault => ({
  code: 'UNKNOWN_STRATEGY',
  text: `There is no strategy "${id}".`,
  next: `Use one of ${known.join(', ')}.`,
});

const noData = ({ strategy, symbol }: LaneBotPlan): BacktestFault => ({
  code: 'NO_DATA',
  text: `${strategy} trades ${symbol}, and no file is of it.`,
  next: `Give one: --data ${symbol}=FILE.`,
});
